#include "commands/common/lookup.hpp"

namespace signaller::commands {

using irc::Reply;

Result<irc::Channel&> find_channel(Context& ctx, std::string_view name) {
  const auto parsed = irc::ChannelName::parse(name, irc::ChannelName::MostBytes);
  irc::Channel* channel = parsed ? ctx.world().find(*parsed) : nullptr;
  if (channel == nullptr && !irc::ChannelName::parse(name, ctx.limits().channel)) {
    return ctx.refuse(Reply::BadChannelName, {name}, ctx.limits().channel);
  }
  if (channel == nullptr || (!may_see(ctx, *channel) && !ctx.use_power(channel->name()))) {
    return ctx.refuse(Reply::NoSuchChannel, {name});
  }
  return *channel;
}

Result<irc::Channel&> find_joined(Context& ctx, std::string_view name) {
  auto channel = find_channel(ctx, name);
  if (!channel || ctx.me().is_in(*channel)) return channel;
  return ctx.refuse(Reply::NotAMember, {channel->name()});
}

Result<irc::Channel&> find_operated(Context& ctx, std::string_view name) {
  auto channel = find_channel(ctx, name);
  if (!channel || is_operator_of(ctx, *channel)) return channel;
  const bool member = ctx.me().is_in(*channel);
  return ctx.refuse(member ? Reply::NotChannelOperator : Reply::NotAMember, {channel->name()});
}

Result<irc::Peer&> find_peer(Context& ctx, std::string_view ref) {
  const auto parsed = irc::parse_peer_ref(ref);
  const irc::Resolved resolved = parsed ? ctx.world().resolve(*parsed) : irc::Resolved{};
  if (resolved.peer != nullptr) return *resolved.peer;
  if (resolved.candidates.empty()) return ctx.refuse(Reply::NoSuchPeer, {ref});
  return ctx.fail_naming(irc::Failure::AmbiguousPeer, resolved.candidates);
}

Result<irc::PeerId> find_id(Context& ctx, std::string_view ref) {
  if (const auto whole = irc::PeerId::parse(ref)) return *whole;
  auto peer = find_peer(ctx, ref);
  if (!peer) return peer.refusal();
  return peer->id();
}

Result<Subject> find_subject(Context& ctx, const Args& args) {
  auto id = find_id(ctx, args[0]);
  if (!id) return id.refusal();
  auto channel = find_operated(ctx, args[1]);
  if (!channel) return channel.refusal();
  return Subject{*id, *channel};
}

bool is_operator_of(Context& ctx, const irc::Channel& channel) {
  return channel.rank_of(ctx.me().id()) == irc::Rank::Operator || ctx.use_power(channel.name());
}

bool may_see(Context& ctx, const irc::Channel& channel) {
  return !channel.modes().secret || ctx.me().is_in(channel);
}

}  // namespace signaller::commands
