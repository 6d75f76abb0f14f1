// A peer's last private messages: they stay for a while after they were written to a socket,
// since a dead socket looks alive for a minute.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "irc/history/limits.hpp"
#include "irc/history/stored_message.hpp"

namespace signaller::irc {

class Inbox {
 public:
  /// Keeps a message from `steady_ms` on. What has been handed out makes room if there is too
  /// much; `handed_out`: this one goes to a socket at once.
  void add(StoredMessagePtr message, std::int64_t steady_ms, bool handed_out,
           const InboxLimits& limits);
  /// Whether one more of so many bytes can be kept that is not handed out.
  [[nodiscard]] bool has_room(std::size_t cost, const InboxLimits& limits) const;
  /// Drops what was handed out and came before `steady_ms`.
  void expire(std::int64_t before_ms);
  /// Drops what was handed out: there is no room for everybody's.
  void drop_handed_out();
  /// Everything has been handed out, what waited at `steady_ms`: it stays as long as from anew.
  void hand_out(std::int64_t steady_ms);
  /// The last `count` have not arrived after all.
  void take_back(std::size_t count);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// Messages at the end that nobody has been sent.
  [[nodiscard]] std::size_t undelivered() const { return undelivered_; }
  [[nodiscard]] const StoredMessagePtr& operator[](std::size_t i) const {
    return entries_[i].message;
  }
  /// When the first one came (steady ms); there is one.
  [[nodiscard]] std::int64_t first_ms() const { return entries_.front().steady_ms; }

 private:
  struct Entry {
    StoredMessagePtr message;
    std::int64_t steady_ms = 0;
  };
  void drop_first(std::size_t count);

  std::vector<Entry> entries_;  ///< few: erasing at the front is cheap
  std::size_t bytes_ = 0;
  std::size_t undelivered_ = 0;
};

}  // namespace signaller::irc
