#include "irc/history/label_cache.hpp"

#include <functional>
#include <utility>

namespace signaller::irc {

const Acknowledged* LabelCache::find(std::string_view label, std::int64_t steady_ms,
                                     std::int64_t for_ms) const {
  const std::size_t hash = std::hash<std::string_view>{}(label);
  for (const Entry& entry : entries_) {
    if (entry.hash == hash && entry.label == label && steady_ms - entry.steady_ms < for_ms) {
      return &entry.answer;
    }
  }
  return nullptr;
}

void LabelCache::remember(std::string_view label, Acknowledged answer, std::int64_t steady_ms,
                          std::size_t most) {
  if (most == 0) return;
  Entry entry{std::hash<std::string_view>{}(label), steady_ms, std::string(label),
              std::move(answer)};
  if (entries_.size() < most) {
    entries_.push_back(std::move(entry));
    return;
  }
  next_ %= entries_.size();
  entries_[next_++] = std::move(entry);
}

}  // namespace signaller::irc
