#include "commands/common/direct_messages.hpp"
#include "commands/common/lookup.hpp"
#include "commands/common/moderation.hpp"

namespace signaller::commands {
namespace {

using irc::Failure;
using irc::Reply;

/// Finds the named channel, or the only channel of the caller; refuses if the caller may not invite
/// there.
Result<irc::Channel&> find_inviting(Context& ctx, std::string_view name) {
  const auto& channels = ctx.me().channels();
  if (name.empty() && channels.size() != 1) {
    std::vector<std::string_view> choices;
    choices.reserve(channels.size());
    for (const irc::Channel* channel : channels) choices.push_back(channel->name());
    return ctx.fail_naming(Failure::NeedChannel, choices);
  }
  auto channel = find_channel(ctx, name.empty() ? channels.front()->name() : name);
  if (!channel || is_operator_of(ctx, *channel)) return channel;
  if (!ctx.me().is_in(*channel)) return ctx.refuse(Reply::NotAMember, {name});
  if (channel->modes().invite_only) {
    return ctx.refuse(Reply::NotChannelOperator, {channel->name()});
  }
  return channel;
}

Result<Effects> run_invite(Context& ctx, const Args& args) {
  auto peer = find_peer(ctx, args[0]);
  if (!peer) return peer.refusal();
  auto channel = find_inviting(ctx, args[1]);
  if (!channel) return channel.refusal();
  const irc::PeerId& id = peer->id();
  if (peer->is_in(*channel)) {
    return ctx.fail(Failure::AlreadyInChannel, {channel->name(), id.text()});
  }
  if (!accepts_from(*peer, ctx.me())) return ctx.fail(Failure::NotAccepted, {id.text()});
  const std::int64_t now_ms = ctx.now().unix_ms;
  if (!has_place(channel->state().invites, id, ctx.limits().bans, now_ms)) {
    return ctx.refuse(Reply::ListFull, {channel->name()}, ctx.limits().bans);
  }
  const irc::Invitation invitation{now_ms + ctx.options().invite_ms,
                                   peer->claim().owner_generation};
  put(ctx.world().edit(*channel, ctx.now()).invites, id, invitation, ctx.limits().bans, now_ms);
  ctx.ack(channel->name());
  Effects out;
  ctx.reply(out, ctx.numeric(Reply::Inviting, {id.text(), channel->name()}));
  if (!peer->has_blocked(ctx.me().id())) {
    const irc::Line line = ctx.dated(line_of(irc::Invited{ctx.me(), id, *channel}));
    tell_peer(ctx.slash(), out, *peer, line, irc::Invited::Class,
              private_lane(ctx.me().connection()));
  }
  ctx.audit(out, audited_name(*channel, id), "");
  return out;
}

}  // namespace

constexpr Command verbs::invite{
    "invite",
    "<peer> [#channel]",
    "invite a peer into a channel: it may join once without the token and despite mode +i",
    "/invite bob #lobby",
    Access::Described,
    Cost{2},
    Replies{FindPeerReplies, FindOperatedReplies, Reply::Inviting, Reply::ListFull,
            Failure::NeedChannel, Failure::AlreadyInChannel, Failure::NotAccepted},
    run_invite};

}  // namespace signaller::commands
