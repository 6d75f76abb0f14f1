// The last messages of a channel, in the order of their numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "irc/history/limits.hpp"
#include "irc/history/stored_message.hpp"

namespace signaller::irc {

class MessageLog {
 public:
  /// Its number is above all others. Drops what is too old, or too much.
  void add(StoredMessagePtr message, const LogLimits& limits);
  /// Drops what is older than the limit at the time of `now_ms` (Unix).
  void expire(std::int64_t now_ms, const LogLimits& limits);
  void drop_older_half();

  [[nodiscard]] std::size_t size() const { return entries_.size() - first_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] const StoredMessagePtr& operator[](std::size_t i) const {
    return entries_[first_ + i];
  }
  /// How many there are with a number up to `seq`.
  [[nodiscard]] std::size_t count_up_to(std::uint64_t seq) const;
  /// Those at [from, to).
  [[nodiscard]] std::vector<StoredMessagePtr> slice(std::size_t from, std::size_t to) const;

 private:
  void drop_first();

  std::vector<StoredMessagePtr> entries_;  ///< those before `first_` have been dropped
  std::size_t first_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace signaller::irc
