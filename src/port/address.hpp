// Addresses and ranges of them: IPv4, IPv6, and CIDR (RFC 4632, RFC 4291).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::port {

/// One address, or all that begin with the same bits. IPv4 counts as the range of IPv6 that
/// stands for it (::ffff:0:0/96), so that both ways of writing an address are one.
class AddressRange {
 public:
  /// `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`; nothing if it is no such thing. Bits below the
  /// prefix are cleared.
  static std::optional<AddressRange> parse(std::string_view text);

  /// One address from its 4 or 16 bytes, as they stand in packets; nothing for other lengths.
  static std::optional<AddressRange> from_bytes(std::string_view bytes);
  /// The range that one address shares with all that have its first `bits` (of 128) in common.
  [[nodiscard]] AddressRange widened(unsigned bits) const;
  /// How many bits all of it has in common, of 128: an IPv4 /24 has 120.
  [[nodiscard]] unsigned bits() const { return bits_; }
  [[nodiscard]] bool is_v4() const;
  /// Whether all of `other` lies in it.
  [[nodiscard]] bool contains(const AddressRange& other) const;
  /// As one writes it: without prefix if it is one address. `0::1` for `::1`.
  [[nodiscard]] std::string text() const;
  friend bool operator==(const AddressRange& a, const AddressRange& b) {
    return a.bytes_ == b.bytes_ && a.bits_ == b.bits_;
  }
  struct Hash {
    std::size_t operator()(const AddressRange& range) const noexcept;
  };

 private:
  void clear_below_prefix();

  std::array<std::uint8_t, 16> bytes_{};
  unsigned bits_ = 128;
};

/// What shares a limit: an IPv4 address, or the /64 of an IPv6 one.
AddressRange limit_range(const AddressRange& address);
/// The same as text. What is no address is itself.
std::string limit_key(std::string_view address);

}  // namespace signaller::port
