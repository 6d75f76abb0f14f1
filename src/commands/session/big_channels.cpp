#include "commands/session/big_channels.hpp"

#include <algorithm>

namespace signaller::commands {
namespace {

constexpr std::int64_t BetweenCountsMs = 1'000;

}  // namespace

std::vector<std::string> BigChannels::take_due(std::int64_t now_ms) {
  std::vector<std::string> due;
  for (auto at = pauses_.begin(); at != pauses_.end();) {
    Pause& pause = at->second;
    if (pause.owed && (pause.until_ms == 0 || pause.until_ms <= now_ms)) {
      due.push_back(at->first);
      pause = {now_ms + BetweenCountsMs, false};
    }
    const bool over = !pause.owed && pause.until_ms <= now_ms;
    at = over ? pauses_.erase(at) : std::next(at);
  }
  return due;
}

std::optional<std::int64_t> BigChannels::next_ms() const {
  std::optional<std::int64_t> next;
  for (const auto& [name, pause] : pauses_) {
    if (pause.owed) next = std::min(next.value_or(pause.until_ms), pause.until_ms);
  }
  return next;
}

}  // namespace signaller::commands
