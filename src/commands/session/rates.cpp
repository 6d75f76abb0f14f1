#include "commands/session/rates.hpp"

#include <algorithm>
#include <utility>

#include "commands/session/close_codes.hpp"
#include "commands/session/membership.hpp"
#include "commands/session/slash_state.hpp"
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

Excess charge(SlashState& slash, Session& session, double units, port::Instant now) {
  const Limits& limits = slash.options.limits;
  const std::int64_t now_ms = now.steady_ms;
  port::TokenBucket& own = session.bucket;
  port::TokenBucket& all = session.origin->bucket;
  if (const auto wait = own.wait_ms(units, limits.cost_rate, limits.cost_burst, now_ms)) {
    return {wait, "limits.cost_rate"};
  }
  if (const auto wait = all.take(units, limits.address_rate, limits.address_burst, now_ms)) {
    return {wait, "limits.address_rate"};
  }
  own.take(units, limits.cost_rate, limits.cost_burst, now_ms);
  return {};
}

void give_back(Session& session, double units) {
  session.bucket.give_back(units);
  session.origin->bucket.give_back(units);
}

void close_if_too_faulty(SlashState& slash, port::Effects& out, Session& session,
                         port::Instant now) {
  constexpr std::string_view Reason = "too many errors within a minute: limits.faults";
  constexpr std::string_view PrivateMessage = "too many errors";  // to the others
  if (!session.faults.reach(slash.options.limits.faults)) return;
  end_session(slash, out, session, close_code::TooManyErrors, Reason, PrivateMessage, now);
}

}  // namespace signaller::commands
