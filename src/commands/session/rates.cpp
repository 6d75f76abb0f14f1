#include "commands/session/rates.hpp"

#include <algorithm>
#include <utility>

#include "port/address.hpp"

namespace signaller::commands {

AddressUse& Addresses::enter(std::string_view address, double rate, std::int64_t now_ms) {
  if (uses_.size() >= sweep_at_) {
    for (auto at = uses_.begin(); at != uses_.end();) {
      const AddressUse& use = at->second;
      at = use.connections == 0 && use.bucket.is_idle(rate, now_ms) ? uses_.erase(at)
                                                                    : std::next(at);
    }
    constexpr std::size_t Soonest = 1'024;
    sweep_at_ = std::max(Soonest, 2 * uses_.size());
  }
  AddressUse& use = uses_[port::limit_key(address)];
  ++use.connections;
  return use;
}

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
