#include "persist/format/keys.hpp"

#include <charconv>
#include <cstdint>

namespace signaller::persist {
namespace {

std::string two_digits(unsigned bucket) {
  constexpr std::string_view Digits = "0123456789abcdef";
  return {Digits[bucket / 16 % 16], Digits[bucket % 16]};
}

/// The last two hex digits of an id; 0 if the id does not end in hex digits.
unsigned bucket_of_peer(std::string_view id) {
  unsigned bucket = 0;
  if (id.size() < 2) return 0;
  const char* end = id.data() + id.size();
  const auto [stop, error] = std::from_chars(end - 2, end, bucket, 16);
  return error == std::errc() && stop == end ? bucket : 0;
}

unsigned bucket_of_channel(std::string_view name) {
  std::uint32_t hash = 0x811c9dc5U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193U;
  return hash % Keys::Buckets;
}

}  // namespace

std::string folded(std::string name) {
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return name;
}

std::string Keys::peers(unsigned bucket) const {
  return prefix_ + "peers:" + two_digits(bucket);
}
std::string Keys::channels(unsigned bucket) const {
  return prefix_ + "channels:" + two_digits(bucket);
}
std::string Keys::peers_of(std::string_view id) const {
  return peers(bucket_of_peer(id));
}
std::string Keys::channels_of(std::string_view channel) const {
  return channels(bucket_of_channel(channel));
}

std::string Keys::with(std::string_view kind, std::string_view name) const {
  std::string key;
  key.reserve(prefix_.size() + kind.size() + name.size());
  return key.append(prefix_).append(kind).append(name);
}

}  // namespace signaller::persist
