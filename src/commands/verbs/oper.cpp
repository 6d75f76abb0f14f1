#include <algorithm>

#include "commands/context/context.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

/// The hash of a password that nobody knows. The server checks it when the name is wrong, so that a
/// wrong name takes as long as a wrong password.
constexpr std::string_view NobodysHash =
    "$argon2id$v=19$m=65536,t=2,p=1$3ysbaZveAsRJPfQmz8RFxw$"
    "mzTyalxiX//dN9ctfoAAth9fN+6RLr1QQ1HZiYOWy1c";

bool may_come_from(const OperatorOptions& one, std::string_view text) {
  if (one.from.empty()) return true;
  const auto address = port::AddressRange::parse(text);
  return address && std::any_of(one.from.begin(), one.from.end(), [&](const std::string& from) {
           const auto range = port::AddressRange::parse(from);
           return range && range->contains(*address);
         });
}

/// The operator with that name that may log in from the caller's address; null: none.
const OperatorOptions* find_operator(Context& ctx, std::string_view name) {
  const auto& all = ctx.options().operators;
  const auto found = std::find_if(all.begin(), all.end(), [&](const OperatorOptions& one) {
    return one.name == name && may_come_from(one, ctx.session().address);
  });
  return found == all.end() ? nullptr : &*found;
}

struct LoginAttempt {
  std::int64_t wait_ms = 0;  ///< 0: the attempt is allowed
  bool first = false;        ///< the address has made no other attempt for a long time
};

/// Takes an attempt from the bucket of the address. All names share the bucket: another name gives
/// no more attempts.
LoginAttempt next_try(Context& ctx) {
  constexpr std::size_t MostAddresses = 10'000;
  auto& tries = ctx.slash().oper_tries;
  const Limits& limits = ctx.limits();
  const std::int64_t now_ms = ctx.now().steady_ms;
  if (tries.size() >= MostAddresses) {
    for (auto at = tries.begin(); at != tries.end();) {
      at = at->second.is_idle(limits.oper_rate, now_ms) ? tries.erase(at) : std::next(at);
    }
    if (tries.size() >= MostAddresses) tries.erase(tries.begin());
  }
  port::TokenBucket& bucket = tries[port::limit_key(ctx.session().address)];
  const bool first = bucket.is_idle(limits.oper_rate, now_ms);
  return {bucket.take(1, limits.oper_rate, limits.oper_burst, now_ms), first};
}

/// Completes /oper after the password check. The configuration may have been reloaded in the
/// meantime.
Result<Effects> on_verified(Context& ctx, const PendingRequest& pending_request,
                            const port::Verified& verified) {
  if (verified.busy) return ctx.fail(irc::Failure::Busy, {});
  if (!verified.ok || find_operator(ctx, pending_request.about) == nullptr) {
    ++ctx.slash().oper_refusals;
    return ctx.refuse(Reply::WrongOperator, {});
  }
  ctx.session().operator_name = pending_request.about;
  Effects out;
  ctx.reply(out, ctx.numeric(Reply::YouAreOperator, {}));
  ctx.audit(out, pending_request.about, "");
  return out;
}

Result<Effects> run_oper(Context& ctx, const Args& args) {
  const LoginAttempt made = next_try(ctx);
  if (made.wait_ms != 0) {
    return ctx.fail(irc::Failure::RateLimited, {std::to_string(made.wait_ms), "oper.rate"});
  }
  const OperatorOptions* one = find_operator(ctx, args[0]);
  PendingRequest pending_request;
  pending_request.on_verified = on_verified;
  pending_request.about = args[0];
  Effects out;
  const std::uint64_t token = ctx.deferred().await(out, std::move(pending_request));
  out.add(port::Verify{token, one == nullptr ? std::string(NobodysHash) : one->hash,
                       std::string(args[1]), made.first, ctx.session().address});
  return out;
}

}  // namespace

constexpr Command verbs::oper{
    "oper",
    "<name> <password...>",
    "become a server operator, with a name and password from the configuration",
    "/oper root secret words",
    Access::Described,
    Cost{5},
    Replies{Reply::WrongOperator, Reply::YouAreOperator, irc::Failure::RateLimited,
            irc::Failure::Busy},
    run_oper};

}  // namespace signaller::commands
