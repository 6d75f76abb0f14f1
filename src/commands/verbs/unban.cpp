#include "commands/common/lookup.hpp"
#include "commands/common/moderation.hpp"
#include "commands/common/server_removal.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

void lift(Context& ctx, Effects& out, irc::Channel& channel, const irc::PeerId& id) {
  ctx.world().edit(channel, ctx.now()).bans.erase(id);
  ctx.tell(out, channel, irc::Unbanned{ctx.me(), channel, id});
  ctx.audit(out, audited_name(channel, id), "");
}

Result<Effects> unban_from(Context& ctx, const irc::PeerId& id, std::string_view name) {
  auto channel = find_operated(ctx, name);
  if (!channel) return channel.refusal();
  if (!channel->is_banned(id, ctx.now().unix_ms)) {
    return ctx.fail(irc::Failure::NotBanned, {channel->name(), id.text()});
  }
  ctx.ack(channel->name());
  Effects out;
  lift(ctx, out, *channel, id);
  return out;
}

/// Lifts the bans of the id in all channels in which the caller is an operator. A server operator
/// is an operator of every channel.
Result<Effects> unban_everywhere(Context& ctx, const irc::PeerId& id) {
  std::vector<irc::Channel*> channels;
  if (ctx.is_server_operator()) {
    for (const auto& [name, channel] : ctx.world().channels()) {
      if (!channel.is_banned(id, ctx.now().unix_ms)) continue;
      const auto parsed = irc::ChannelName::parse(channel.name(), channel.name().size());
      channels.push_back(ctx.world().find(*parsed));
    }
  } else {
    for (irc::Channel* channel : ctx.me().channels()) {
      if (is_operator_of(ctx, *channel) && channel->is_banned(id, ctx.now().unix_ms)) {
        channels.push_back(channel);
      }
    }
  }
  if (channels.empty()) return ctx.refuse(Reply::NoOperatedChannel, {"*"});
  ctx.ack(id.text());
  Effects out;
  for (irc::Channel* channel : channels) lift(ctx, out, *channel, id);
  return out;
}

Result<Effects> run_unban(Context& ctx, const Args& args) {
  if (args[1] == "*") return unban_from_server(ctx, args[0]);
  if (is_address_ref(args[0])) return refuse_address(ctx);
  auto id = find_id(ctx, args[0]);
  if (!id) return id.refusal();
  return args.has(1) ? unban_from(ctx, *id, args[1]) : unban_everywhere(ctx, *id);
}

}  // namespace

constexpr Command verbs::unban{
    "unban",
    "<peer> [#channel]",
    "remove a ban; server operators: give * to remove a ban of the server",
    "/unban bob #lobby",
    Access::Described,
    Cost{2},
    Replies{FindPeerReplies, FindOperatedReplies, Reply::NotServerOperator,
            Reply::NoOperatedChannel, irc::Failure::InvalidValue, irc::Failure::NotBanned},
    run_unban};

}  // namespace signaller::commands
