#include "commands/lookup.hpp"
#include "commands/membership.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

void kick_out(Context& ctx, Effects& out, irc::Peer& victim, irc::Channel& channel,
              std::string_view reason) {
  ctx.tell(out, channel, irc::Kicked{ctx.me(), channel, victim, reason});
  leave(ctx.core(), out, victim, channel, true);
}

Effects kick_from(Context& ctx, std::string_view ref, std::string_view name,
                  std::string_view reason) {
  const auto victim = find_peer(ctx, ref);
  if (!victim) return victim.refusal;
  const auto channel = find_operated(ctx, name);
  if (!channel) return channel.refusal;
  if (!victim->is_in(*channel)) {
    return ctx.fail(irc::Failure::NotInChannel, {channel->name(), victim->id().text()});
  }
  ctx.ack(channel->name());
  Effects out;
  kick_out(ctx, out, *victim, *channel, reason);
  return out;
}

/// From every channel that the caller runs and the victim is in.
Effects kick_everywhere(Context& ctx, std::string_view ref, std::string_view reason) {
  const auto victim = find_peer(ctx, ref);
  if (!victim) return victim.refusal;
  Effects out;
  ctx.ack(victim->id().text());
  const std::vector<irc::Channel*> channels = victim->channels();
  for (irc::Channel* channel : channels) {
    if (is_operator(ctx.me(), *channel)) kick_out(ctx, out, *victim, *channel, reason);
  }
  if (out.empty()) return ctx.refuse(Reply::NotChannelOperator, {"*"});
  return out;
}

Effects run(Context& ctx, const Args& args) {
  if (args[2].size() > ctx.limits().reason) {
    return ctx.too_long("REASONLEN", ctx.limits().reason, args[2].size());
  }
  if (args[1] == "*") return ctx.refuse(Reply::NotServerOperator, {});
  if (args.has(1)) return kick_from(ctx, args[0], args[1], args[2]);
  return kick_everywhere(ctx, args[0], args[2]);
}

}  // namespace

constexpr Command verbs::kick{"kick",
                              "<peer> [#channel] [reason...]",
                              "remove a peer from a channel you run, or from all you run",
                              "/kick bob #lobby too loud",
                              Access::Described,
                              Cost{2},
                              run};

}  // namespace signaller::commands
