// Addresses and ranges of them: IPv4, IPv6, and CIDR (RFC 4632, RFC 4291).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::irc {

/// One address, or all that begin with the same bits. IPv4 counts as the range of IPv6 that
/// stands for it (::ffff:0:0/96), so that both ways of writing an address are one.
class AddressRange {
 public:
  /// `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`; nothing if it is no such thing. Bits below the
  /// prefix are cleared.
  static std::optional<AddressRange> parse(std::string_view text);

  /// Whether all of `other` lies in it.
  [[nodiscard]] bool contains(const AddressRange& other) const;
  /// As one writes it: without prefix if it is one address. `0::1` for `::1`.
  [[nodiscard]] std::string text() const;
  friend bool operator==(const AddressRange& a, const AddressRange& b) {
    return a.bytes_ == b.bytes_ && a.bits_ == b.bits_;
  }

 private:
  std::array<std::uint8_t, 16> bytes_{};
  unsigned bits_ = 128;
};

/// What shares a limit: an IPv4 address, or the /64 of an IPv6 one. What is no address is itself.
std::string limit_key(std::string_view address);

}  // namespace signaller::irc
