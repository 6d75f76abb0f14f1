#include "irc/history/message_log.hpp"

#include <algorithm>
#include <utility>

namespace signaller::irc {

void MessageLog::add(StoredMessagePtr message, const LogLimits& limits) {
  expire(message->time_ms, limits);
  bytes_ += message->cost();
  entries_.push_back(std::move(message));
  while (size() > limits.messages || bytes_ > limits.bytes) drop_first();
}

void MessageLog::expire(std::int64_t now_ms, const LogLimits& limits) {
  while (size() > 0 && entries_[first_]->time_ms < now_ms - limits.age_ms) drop_first();
}

void MessageLog::drop_older_half() {
  for (std::size_t half = (size() + 1) / 2; half > 0; --half) drop_first();
  entries_.shrink_to_fit();
}

void MessageLog::drop_first() {
  bytes_ -= entries_[first_]->cost();
  entries_[first_++].reset();
  if (first_ == entries_.size()) {
    entries_.clear();
    first_ = 0;
  } else if (first_ > entries_.size() / 2) {
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

std::size_t MessageLog::count_up_to(std::uint64_t seq) const {
  const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(first_);
  const auto above = [](std::uint64_t number, const StoredMessagePtr& entry) {
    return number < entry->seq;
  };
  return static_cast<std::size_t>(std::upper_bound(begin, entries_.end(), seq, above) - begin);
}

std::vector<StoredMessagePtr> MessageLog::slice(std::size_t from, std::size_t to) const {
  const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(first_);
  return {begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(to)};
}

}  // namespace signaller::irc
