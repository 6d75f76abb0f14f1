#include "commands/channel_line.hpp"
#include "commands/lookup.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

/// `[@+]#a …`
std::string channels_of(const irc::Peer& peer) {
  std::string list;
  for (const irc::Channel* channel : peer.channels()) {
    if (!list.empty()) list += ' ';
    list += irc::rank_sign(channel->rank_of(peer.id()));
    list += channel->name();
  }
  return list;
}

Effects whois_channel(Context& ctx, std::string_view name) {
  const auto channel = find_channel(ctx, name);
  if (!channel) return channel.refusal;
  Effects out;
  ctx.ack(channel->name());
  ctx.reply(out, channel_line(ctx, *channel), lane_of(*channel));
  return out;
}

Effects run(Context& ctx, const Args& args) {
  if (args[0].front() == '#') return whois_channel(ctx, args[0]);
  const auto peer = find_peer(ctx, args[0]);
  if (!peer) return peer.refusal;
  Effects out;
  const std::string id = peer->id().text();
  ctx.ack(id);
  ctx.reply(out, ctx.numeric(Reply::WhoisPeer, {id}, irc::whois_json(*peer)));
  if (!peer->channels().empty()) {
    ctx.reply(out, ctx.numeric(Reply::WhoisChannels, {id}, channels_of(*peer)));
  }
  if (peer->away()) ctx.reply(out, ctx.numeric(Reply::AwayText, {id}, *peer->away()));
  const std::int64_t idle_s = (ctx.now().unix_ms - peer->talked_ms()) / 1000;
  ctx.reply(out,
            ctx.numeric(Reply::WhoisIdle, {id, std::to_string(std::max<std::int64_t>(0, idle_s))}));
  ctx.reply(out, ctx.numeric(Reply::EndOfWhois, {id}));
  return out;
}

}  // namespace

constexpr Command verbs::whois{
    "whois",      "<peer|#channel>", "show what is known of a peer or a channel",
    "/whois bob", Access::Described, Cost{1},
    run};

}  // namespace signaller::commands
