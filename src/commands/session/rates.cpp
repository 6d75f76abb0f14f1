#include "commands/session/rates.hpp"

#include <utility>

namespace signaller::commands {

void ErrorRate::add(std::int64_t now_ms) {
  const std::int64_t passed = now_ms - since_ms_;
  if (count_ == 0 || passed >= 2 * WithinMs) {
    since_ms_ = now_ms;
    before_ = count_ = 0;
  } else if (passed >= WithinMs) {
    since_ms_ += WithinMs;
    before_ = std::exchange(count_, 0);
  }
  last_ms_ = now_ms;
  ++count_;
}

bool ErrorRate::reach(std::size_t limit) const {
  const auto within = static_cast<std::size_t>(WithinMs - (last_ms_ - since_ms_));
  return limit != 0 && count_ + before_ * within / static_cast<std::size_t>(WithinMs) >= limit;
}

}  // namespace signaller::commands
