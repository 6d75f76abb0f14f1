#include "commands/lookup.hpp"

namespace signaller::commands {

using irc::Reply;

Found<irc::Channel> find_channel(Context& ctx, std::string_view name) {
  const auto parsed = irc::ChannelName::parse(name, ctx.limits().channel);
  if (!parsed) {
    return {nullptr, ctx.refuse(Reply::BadChannelName, {name}, ctx.limits().channel)};
  }
  irc::Channel* channel = ctx.world().find(*parsed);
  if (channel == nullptr) return {nullptr, ctx.refuse(Reply::NoSuchChannel, {name})};
  return {channel};
}

Found<irc::Channel> find_joined(Context& ctx, std::string_view name) {
  auto channel = find_channel(ctx, name);
  if (channel && !ctx.me().is_in(*channel)) {
    return {nullptr, ctx.refuse(Reply::NotAMember, {channel->name()})};
  }
  return channel;
}

Found<irc::Channel> find_operated(Context& ctx, std::string_view name) {
  auto channel = find_joined(ctx, name);
  if (channel && !is_operator(ctx.me(), *channel)) {
    return {nullptr, ctx.refuse(Reply::NotChannelOperator, {channel->name()})};
  }
  return channel;
}

Found<irc::Peer> find_peer(Context& ctx, std::string_view ref) {
  const auto parsed = irc::parse_peer_ref(ref, ctx.limits().nick);
  const irc::Resolved resolved = parsed ? ctx.world().resolve(*parsed) : irc::Resolved{};
  if (resolved.peer != nullptr) return {resolved.peer};
  if (resolved.candidates.empty()) return {nullptr, ctx.refuse(Reply::NoSuchPeer, {ref})};
  return {nullptr, ctx.fail_naming(irc::Failure::AmbiguousPeer, resolved.candidates)};
}

bool is_operator(const irc::Peer& peer, const irc::Channel& channel) {
  return channel.rank_of(peer.id()) == irc::Rank::Operator;
}

}  // namespace signaller::commands
