#include "commands/session/charge.hpp"

#include "commands/session/close_codes.hpp"
#include "commands/session/membership.hpp"

namespace signaller::commands {

Excess charge(SlashState& slash, Session& session, double units, port::Instant now) {
  const Limits& limits = slash.options.limits;
  const std::int64_t now_ms = now.steady_ms;
  port::TokenBucket& own = session.bucket;
  if (const auto wait = own.wait_ms(units, limits.cost_rate, limits.cost_burst, now_ms)) {
    return {wait, "limits.cost_rate"};
  }
  if (const auto wait = slash.costs.take(*session.origin, units, now_ms)) {
    return {wait, "limits.address_rate"};
  }
  own.take(units, limits.cost_rate, limits.cost_burst, now_ms);
  return {};
}

void give_back(Session& session, double units) {
  session.bucket.give_back(units);
  session.origin->bucket.give_back(units);
}

void close_after_too_many_errors(SlashState& slash, port::Effects& out, Session& session,
                                 port::Instant now) {
  constexpr std::string_view Reason = "too many errors within a minute: limits.faults";
  // The QUIT reason that other peers see: it names no limit.
  constexpr std::string_view PrivateMessage = "too many errors";
  if (!session.error_rate.reach(slash.options.limits.faults)) return;
  end_session(slash, out, session, close_code::TooManyErrors, Reason, PrivateMessage, now);
}

}  // namespace signaller::commands
