// The last private messages of a peer. They stay for a while after they were written to a socket,
// since a broken connection can look alive for a minute.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "irc/history/limits.hpp"
#include "irc/history/stored_message.hpp"

namespace signaller::irc {

class Inbox {
 public:
  /// Adds a message at the time `steady_ms`. While a limit is exceeded, drops the oldest handed-out
  /// message.
  /// @param handed_out  whether the message is sent to a connection at once
  void add(StoredMessagePtr message, std::int64_t steady_ms, bool handed_out,
           const InboxLimits& limits);
  /// Whether there is room for another undelivered message of `cost` bytes.
  [[nodiscard]] bool has_room(std::size_t cost, const InboxLimits& limits) const;
  /// Drops handed-out messages whose time is before `before_ms` (steady).
  void expire(std::int64_t before_ms);
  /// Drops all handed-out messages.
  void drop_handed_out();
  /// Marks all messages as handed out. Undelivered messages get the time `steady_ms`.
  void hand_out(std::int64_t steady_ms);
  /// Marks the last `count` messages as undelivered again.
  void take_back(std::size_t count);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// The number of undelivered messages, which are the last messages of the inbox.
  [[nodiscard]] std::size_t undelivered() const { return undelivered_; }
  [[nodiscard]] const StoredMessagePtr& operator[](std::size_t i) const {
    return entries_[i].message;
  }
  /// The time of the first message (steady ms). Precondition: the inbox is not empty.
  [[nodiscard]] std::int64_t first_ms() const { return entries_.front().steady_ms; }

 private:
  struct Entry {
    StoredMessagePtr message;
    std::int64_t steady_ms = 0;
  };
  void drop_first(std::size_t count);

  std::vector<Entry> entries_;  ///< short, so that erasing at the front is cheap
  std::size_t bytes_ = 0;
  std::size_t undelivered_ = 0;
};

}  // namespace signaller::irc
