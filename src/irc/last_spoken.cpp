#include "irc/last_spoken.hpp"

#include <algorithm>
#include <iterator>

namespace signaller::irc {

std::int64_t LastSpoken::find(const PeerId& id) const {
  const auto found = times_.find(id);
  return found == times_.end() ? 0 : found->second;
}

void LastSpoken::note(const PeerId& id, std::int64_t now_ms, std::uint32_t slow_s) {
  constexpr std::size_t Few = 256;
  constexpr std::size_t Most = 65'536;
  const std::int64_t over = now_ms - std::int64_t{slow_s} * 1000;
  const bool added = times_.insert_or_assign(id, now_ms).second;
  if (!added || times_.size() < std::max(Few, sweep_at_)) return;
  for (auto at = times_.begin(); at != times_.end();) {
    at = at->second <= over ? times_.erase(at) : std::next(at);
  }
  if (times_.size() > Most) times_.clear();
  sweep_at_ = 2 * times_.size();
}

}  // namespace signaller::irc
