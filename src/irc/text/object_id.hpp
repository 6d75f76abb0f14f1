// Peer ids: BSON ObjectIds, 12 bytes, written as 24 hex digits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "port/time.hpp"

namespace signaller::irc {

class ObjectId {
 public:
  static constexpr std::size_t Digits = 24;

  /// Parses exactly 24 hex digits in either case.
  static std::optional<ObjectId> parse(std::string_view hex);
  /// Makes a new id: the seconds of `now`, then 64 random bits.
  static ObjectId make(port::Random& random, port::Instant now);

  /// The first and the last possible id.
  static ObjectId lowest() { return {}; }
  static ObjectId highest() {
    ObjectId id;
    id.bytes_.fill(0xff);
    return id;
  }

  /// The id as 24 hex digits in lower case.
  [[nodiscard]] std::string text() const;
  void append_to(std::string& out) const;
  [[nodiscard]] std::size_t hash() const;

  friend bool operator==(const ObjectId& a, const ObjectId& b) { return a.bytes_ == b.bytes_; }
  friend bool operator!=(const ObjectId& a, const ObjectId& b) { return a.bytes_ != b.bytes_; }
  friend bool operator<(const ObjectId& a, const ObjectId& b) { return a.bytes_ < b.bytes_; }

 private:
  ObjectId() = default;
  friend class IdPrefix;

  std::array<std::uint8_t, 12> bytes_{};
};

using PeerId = ObjectId;

/// The prefix of an id, as in `5f0c3e*`: 1 to 24 hex digits.
class IdPrefix {
 public:
  /// @param text  the prefix without the `*`
  static std::optional<IdPrefix> parse(std::string_view text);
  /// The first and the last id with this prefix.
  [[nodiscard]] const ObjectId& first() const { return first_; }
  [[nodiscard]] const ObjectId& last() const { return last_; }

 private:
  IdPrefix(ObjectId first, ObjectId last) : first_(first), last_(last) {}
  ObjectId first_;
  ObjectId last_;
};

}  // namespace signaller::irc

template <>
struct std::hash<signaller::irc::ObjectId> {
  std::size_t operator()(const signaller::irc::ObjectId& id) const noexcept { return id.hash(); }
};
