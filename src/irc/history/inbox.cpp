#include "irc/history/inbox.hpp"

#include <algorithm>
#include <utility>

namespace signaller::irc {

void Inbox::add(StoredMessagePtr message, std::int64_t steady_ms, bool handed_out,
                const InboxLimits& limits) {
  bytes_ += message->cost();
  entries_.push_back({std::move(message), steady_ms});
  undelivered_ = handed_out ? 0 : undelivered_ + 1;
  std::size_t drop = 0;
  std::size_t bytes = bytes_;
  while (drop < entries_.size() - undelivered_ &&
         (entries_.size() - drop > limits.messages || bytes > limits.bytes)) {
    bytes -= entries_[drop++].message->cost();
  }
  drop_first(drop);
}

bool Inbox::has_room(std::size_t cost, const InboxLimits& limits) const {
  std::size_t bytes = cost;
  for (std::size_t i = entries_.size() - undelivered_; i < entries_.size(); ++i) {
    bytes += entries_[i].message->cost();
  }
  return undelivered_ < limits.messages && bytes <= limits.bytes;
}

void Inbox::expire(std::int64_t before_ms) {
  std::size_t drop = 0;
  while (drop < entries_.size() - undelivered_ && entries_[drop].steady_ms < before_ms) ++drop;
  drop_first(drop);
}

void Inbox::drop_handed_out() {
  drop_first(entries_.size() - undelivered_);
}

void Inbox::hand_out(std::int64_t steady_ms) {
  for (std::size_t i = entries_.size() - undelivered_; i < entries_.size(); ++i) {
    entries_[i].steady_ms = steady_ms;
  }
  undelivered_ = 0;
}

void Inbox::take_back(std::size_t count) {
  undelivered_ = std::min(entries_.size(), undelivered_ + count);
}

void Inbox::drop_first(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) bytes_ -= entries_[i].message->cost();
  entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(count));
}

}  // namespace signaller::irc
