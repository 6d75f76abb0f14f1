// This folder holds past messages: the log of a channel, the inbox and the labels of a peer. Code
// here must not know peers or channels, or the limits of all logs together. All of it runs on the
// core thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "irc/history/limits.hpp"
#include "irc/history/stored_message.hpp"

namespace signaller::irc {

/// The last messages of a channel, in the order of their message numbers.
class MessageLog {
 public:
  /// Adds a message whose number is above all others. Drops the oldest messages above the limits.
  void add(StoredMessagePtr message, const LogLimits& limits);
  /// Drops messages that are too old at the time `now_ms` (Unix).
  void expire(std::int64_t now_ms, const LogLimits& limits);
  void drop_older_half();

  [[nodiscard]] std::size_t size() const { return entries_.size() - first_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] const StoredMessagePtr& operator[](std::size_t i) const {
    return entries_[first_ + i];
  }
  /// How many messages of the log are numbered `seq` or lower.
  [[nodiscard]] std::size_t count_up_to(std::uint64_t seq) const;
  /// The messages at the positions [from, to).
  [[nodiscard]] std::vector<StoredMessagePtr> slice(std::size_t from, std::size_t to) const;

 private:
  void drop_first();

  std::vector<StoredMessagePtr> entries_;  ///< entries before index `first_` are dropped and null
  std::size_t first_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace signaller::irc
