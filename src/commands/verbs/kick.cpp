#include "commands/common/lookup.hpp"
#include "commands/common/moderation.hpp"
#include "commands/common/server_removal.hpp"
#include "commands/session/membership.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

void kick_out(Context& ctx, Effects& out, irc::Peer& victim, irc::Channel& channel,
              std::string_view reason) {
  ctx.tell(out, channel, irc::Kicked{ctx.me(), channel, victim, reason});
  ctx.audit(out, audited_name(channel, victim.id()), reason);
  leave(ctx.slash(), out, victim, channel, true);
}

Result<Effects> kick_from(Context& ctx, std::string_view ref, std::string_view name,
                          std::string_view reason) {
  auto victim = find_peer(ctx, ref);
  if (!victim) return victim.refusal();
  auto channel = find_operated(ctx, name);
  if (!channel) return channel.refusal();
  if (!victim->is_in(*channel)) {
    return ctx.fail(irc::Failure::NotInChannel, {channel->name(), victim->id().text()});
  }
  ctx.ack(channel->name());
  Effects out;
  kick_out(ctx, out, *victim, *channel, reason);
  return out;
}

/// Kicks from every channel in which the victim is a member and the caller is an operator.
Result<Effects> kick_everywhere(Context& ctx, std::string_view ref, std::string_view reason) {
  auto victim = find_peer(ctx, ref);
  if (!victim) return victim.refusal();
  const auto channels = run_channels_of(ctx, *victim);
  if (channels.empty()) return ctx.refuse(Reply::NoOperatedChannel, {"*"});
  Effects out;
  ctx.ack(victim->id().text());
  for (irc::Channel* channel : channels) kick_out(ctx, out, *victim, *channel, reason);
  return out;
}

Result<Effects> run_kick(Context& ctx, const Args& args) {
  if (args[1] == "*" && !ctx.is_server_operator()) {
    return ctx.refuse(Reply::NotServerOperator, {});
  }
  auto reason = read_reason(ctx, args[2]);
  if (!reason) return reason.refusal();
  if (args[1] == "*") return kill_peer(ctx, args[0], *reason);
  if (args.has(1)) return kick_from(ctx, args[0], args[1], *reason);
  return kick_everywhere(ctx, args[0], *reason);
}

}  // namespace

constexpr Command verbs::kick{
    "kick",
    "<peer> [#channel] [reason...]",
    "remove a peer from a channel, or from all channels that you are an operator of; "
    "server operators: give * to remove it from the server",
    "/kick bob #lobby too loud",
    Access::Described,
    Cost{2},
    Replies{FindPeerReplies, FindOperatedReplies, Reply::NotServerOperator,
            Reply::NoOperatedChannel, Reply::TooLong, irc::Failure::NotInChannel},
    run_kick};

}  // namespace signaller::commands
