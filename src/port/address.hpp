// Addresses and ranges of them: IPv4, IPv6, and CIDR (RFC 4632, RFC 4291).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::port {

/// One address, or all addresses that begin with the same bits. An IPv4 address is stored as the
/// IPv6 address that maps it (::ffff:0:0/96), so both notations of an address are equal.
class AddressRange {
 public:
  /// Reads `192.0.2.1`, `192.0.2.0/24` or `2001:db8::/32`. Bits below the prefix are cleared.
  /// @returns nothing if `text` is neither an address nor a range
  static std::optional<AddressRange> parse(std::string_view text);

  /// One address from its 4 or 16 bytes in network order; nothing for other lengths.
  static std::optional<AddressRange> from_bytes(std::string_view bytes);
  /// The range of all addresses that have the first `bits` (of 128) of this one.
  [[nodiscard]] AddressRange widened(unsigned bits) const;
  /// The length of the prefix, 0 to 128 bits. An IPv4 address counts as 128 bits, so an IPv4 /24
  /// has a prefix of 120 bits.
  [[nodiscard]] unsigned bits() const { return bits_; }
  [[nodiscard]] bool is_v4() const;
  /// Whether all addresses of `other` are in this range.
  [[nodiscard]] bool contains(const AddressRange& other) const;
  /// The usual notation; a single address has no prefix length. `::1` is written `0::1`.
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

/// The range whose addresses share one limit: the IPv4 address itself, or the /64 of an IPv6
/// address.
AddressRange limit_range(const AddressRange& address);
/// The text of limit_range(address). A text that is not an address is returned unchanged.
std::string limit_key(std::string_view address);

}  // namespace signaller::port
