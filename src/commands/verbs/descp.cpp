#include <cmath>

#include "commands/common/channel_description.hpp"
#include "commands/common/peer_description.hpp"
#include "commands/common/registration.hpp"

namespace signaller::commands {
namespace {

using irc::Failure;
using irc::Reply;

/// Changes nick, name, info and dm, if given. The other members have an effect only in the first
/// /descp.
Result<Effects> describe_again(Context& ctx, const Description& given) {
  irc::Peer& me = ctx.me();
  if (given.id && *given.id != me.id() && ctx.options().client_ids) {
    return ctx.fail(Failure::InvalidValue, {"id"},
                    "An id cannot change: connect again to use another id");
  }
  const bool presented = !given.secret.empty();
  if (presented && !is_right_secret(ctx, me, given.secret)) {
    return ctx.refuse(Reply::IdInUse, {me.id().text()});
  }
  if (is_taken(ctx, given.nick, &me)) return ctx.refuse(Reply::NickInUse, {*given.nick});
  if (presented) ctx.world().own(me);
  const irc::Profile before = me.profile();
  irc::Profile profile = before;
  if (given.nick) profile.nick = *given.nick;
  if (given.name) profile.name = *given.name;
  if (given.info) profile.info = *given.info;
  if (given.direct_messages) {
    ctx.world().edit(me, ctx.now()).direct_messages = *given.direct_messages;
  }
  if (profile == before) return Effects{};
  ctx.world().describe(me, std::move(profile), ctx.now());
  Effects out;
  ctx.tell_shared(out, irc::Described{me});
  return out;
}

/// Takes extra cost for a long description.
Result<void> spend_on(Context& ctx, std::string_view json) {
  constexpr double BytesForAUnit = 4'096;
  return ctx.spend_more(std::floor(static_cast<double>(json.size()) / BytesForAUnit));
}

Result<Effects> run_descp(Context& ctx, const Args& args) {
  if (args.has(0)) {
    return ctx.described() ? describe_channel(ctx, args) : ctx.refuse(Reply::NotDescribed, {});
  }
  if (auto checked = spend_on(ctx, args[1]); !checked) return checked.refusal();
  auto given = read_description(ctx, args);
  if (!given) return given.refusal();
  return ctx.described() ? describe_again(ctx, *given) : describe_first(ctx, *given);
}

}  // namespace

constexpr Command verbs::descp{
    "descp",
    "[#channel] <json...>",
    "describe yourself, first to enter and later to change nick, name or info; or describe a "
    "channel",
    "/descp {nick: \"ann\", name: \"Ann\", color: \"red\"}",
    Access::Anybody,
    Cost{2},
    Replies{RegistrationReplies, DescribeChannelReplies, Failure::RateLimited},
    run_descp};

}  // namespace signaller::commands
