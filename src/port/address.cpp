#include "port/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace signaller::port {
namespace {

using AddressBytes = std::array<std::uint8_t, 16>;
constexpr unsigned AllBits = 128;
constexpr unsigned V4Offset = 96;  // length of the prefix of IPv4-mapped IPv6 addresses, in bits
constexpr AddressBytes V4Prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/// The number of bits after the slash; nothing if the text is not a number, or the number is larger
/// than `most`.
std::optional<unsigned> read_prefix(std::string_view text, unsigned most) {
  unsigned bits = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, bits);
  if (error != std::errc() || stop != end || bits > most) return std::nullopt;
  return bits;
}

/// The address, and whether it was written in IPv4 notation.
std::optional<std::pair<AddressBytes, bool>> read_address(std::string_view text) {
  constexpr std::size_t Longest = 45;  // INET6_ADDRSTRLEN without the NUL
  const bool has_end = text.find('\0') != std::string_view::npos;
  if (text.empty() || text.size() > Longest || has_end) return std::nullopt;
  const std::string copy(text);
  AddressBytes bytes = V4Prefix;
  if (::inet_pton(AF_INET, copy.c_str(), &bytes[12]) == 1) return std::make_pair(bytes, true);
  if (::inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return std::make_pair(bytes, false);
  return std::nullopt;
}

std::uint8_t mask_of(std::size_t byte, unsigned bits) {
  constexpr std::size_t Bits = 8;
  const std::size_t kept = bits <= byte * Bits ? 0 : std::min(bits - byte * Bits, Bits);
  return static_cast<std::uint8_t>(0xff00U >> kept);
}

}  // namespace

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = read_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  AddressRange range;
  range.bytes_ = address->first;
  if (slash != std::string_view::npos) {
    const unsigned most = address->second ? AllBits - V4Offset : AllBits;
    const auto bits = read_prefix(text.substr(slash + 1), most);
    if (!bits) return std::nullopt;
    range.bits_ = *bits + (AllBits - most);
  }
  range.clear_below_prefix();
  return range;
}

std::optional<AddressRange> AddressRange::from_bytes(std::string_view bytes) {
  constexpr std::size_t V4Size = 4;
  AddressRange address;
  if (bytes.size() != V4Size && bytes.size() != address.bytes_.size()) return std::nullopt;
  if (bytes.size() == V4Size) address.bytes_ = V4Prefix;
  std::copy(bytes.rbegin(), bytes.rend(), address.bytes_.rbegin());
  return address;
}

void AddressRange::clear_below_prefix() {
  for (std::size_t i = 0; i < bytes_.size(); ++i) bytes_[i] &= mask_of(i, bits_);
}

AddressRange AddressRange::widened(unsigned bits) const {
  AddressRange wide = *this;
  wide.bits_ = std::min(bits, bits_);
  wide.clear_below_prefix();
  return wide;
}

bool AddressRange::is_v4() const {
  return bits_ >= V4Offset && std::equal(V4Prefix.begin(), V4Prefix.begin() + 12, bytes_.begin());
}

std::size_t AddressRange::Hash::operator()(const AddressRange& range) const noexcept {
  const std::string_view bytes(reinterpret_cast<const char*>(range.bytes_.data()),
                               range.bytes_.size());
  return std::hash<std::string_view>{}(bytes) ^ range.bits_;
}

bool AddressRange::contains(const AddressRange& other) const {
  if (other.bits_ < bits_) return false;
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    if ((other.bytes_[i] & mask_of(i, bits_)) != bytes_[i]) return false;
  }
  return true;
}

std::string AddressRange::text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool v4 = is_v4();
  ::inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? &bytes_[12] : bytes_.data(), text.data(), text.size());
  // A parameter of a line must not begin with a colon, so `::1` becomes `0::1`.
  std::string written = (text.front() == ':' ? "0" : "") + std::string(text.data());
  if (bits_ == AllBits) return written;
  return fmt::format("{}/{}", written, v4 ? bits_ - V4Offset : bits_);
}

AddressRange limit_range(const AddressRange& address) {
  constexpr unsigned House = 64;
  return address.is_v4() ? address : address.widened(House);
}

std::string limit_key(std::string_view address) {
  const auto one = AddressRange::parse(address);
  return one ? limit_range(*one).text() : std::string(address);
}

}  // namespace signaller::port
