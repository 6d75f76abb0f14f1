#include "irc/text/object_id.hpp"

#include <cstring>

namespace signaller::irc {
namespace {

constexpr std::string_view HexDigits = "0123456789abcdef";

/// The value of a hex digit, or -1.
int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<ObjectId> ObjectId::parse(std::string_view hex) {
  if (hex.size() != Digits) return std::nullopt;
  ObjectId id;
  for (std::size_t i = 0; i < id.bytes_.size(); ++i) {
    const int high = digit_value(hex[2 * i]);
    const int low = digit_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes_[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return id;
}

ObjectId ObjectId::make(port::Random& random, port::Instant now) {
  ObjectId id;
  auto seconds = static_cast<std::uint32_t>(now.unix_ms / 1000);
  for (std::size_t i = 4; i-- > 0; seconds >>= 8U) id.bytes_[i] = seconds & 0xffU;
  const std::uint64_t bits = random.next();
  std::memcpy(id.bytes_.data() + 4, &bits, sizeof bits);
  return id;
}

std::string ObjectId::text() const {
  std::string out;
  append_to(out);
  return out;
}

void ObjectId::append_to(std::string& out) const {
  std::array<char, Digits> hex{};
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    hex[2 * i] = HexDigits[bytes_[i] >> 4U];
    hex[2 * i + 1] = HexDigits[bytes_[i] & 0xfU];
  }
  out.append(hex.data(), hex.size());
}

std::size_t ObjectId::hash() const {
  std::uint64_t low = 0;
  std::uint32_t high = 0;
  std::memcpy(&high, bytes_.data(), sizeof high);
  std::memcpy(&low, bytes_.data() + 4, sizeof low);
  return (low ^ (std::uint64_t{high} << 17U)) * 0x9e3779b97f4a7c15ULL;
}

std::optional<IdPrefix> IdPrefix::parse(std::string_view text) {
  if (text.empty() || text.size() > ObjectId::Digits) return std::nullopt;
  std::string first(text);
  std::string last(text);
  first.resize(ObjectId::Digits, '0');
  last.resize(ObjectId::Digits, 'f');
  const auto low = ObjectId::parse(first);
  const auto high = ObjectId::parse(last);
  if (!low || !high) return std::nullopt;
  return IdPrefix(*low, *high);
}

}  // namespace signaller::irc
