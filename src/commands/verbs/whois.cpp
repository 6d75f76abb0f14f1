#include <algorithm>
#include <string>
#include <vector>

#include "commands/common/channel_line.hpp"
#include "commands/common/lookup.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

/// `[@+]#a …`: the channels that the caller may see, by name: the order in which the peer joined is
/// not stored.
std::string channels_of(Context& ctx, const irc::Peer& peer) {
  std::vector<irc::Channel*> channels = peer.channels();
  std::sort(channels.begin(), channels.end(),
            [](const auto* a, const auto* b) { return a->name() < b->name(); });
  std::string list;
  for (const irc::Channel* channel : channels) {
    if (!may_see(ctx, *channel) && !ctx.is_server_operator()) continue;
    if (!list.empty()) list += ' ';
    list += irc::rank_sign(channel->rank_of(peer.id()));
    list += channel->name();
  }
  return list;
}

Result<Effects> whois_channel(Context& ctx, std::string_view name) {
  auto channel = find_channel(ctx, name);
  if (!channel) return channel.refusal();
  Effects out;
  ctx.ack(channel->name());
  ctx.reply(out, channel_line(ctx, *channel), lane_of(*channel));
  return out;
}

/// Shows server operators the peer's address, and how much of its limits the peer uses.
void show_more(Context& ctx, Effects& out, const irc::Peer& peer) {
  const Limits& limits = ctx.limits();
  const Session* session = ctx.slash().find_session(peer.connection());
  const auto show = [&](std::string_view name, std::string_view value) {
    ctx.reply(out, ctx.numeric(Reply::Statistic, {"whois", name, value}));
  };
  const auto show_use = [&](std::string_view name, std::size_t used, std::size_t limit) {
    show(name, fmt::format("{}/{}", used, limit));
  };
  if (session != nullptr) {
    const auto address = port::AddressRange::parse(session->address);
    ctx.reply(out, ctx.numeric(Reply::WhoisAddress,
                               {peer.id().text(), address ? address->text() : session->address}));
    if (!session->operator_name.empty()) show("operator", session->operator_name);
  }
  show("connections", session != nullptr ? "1" : "0");
  if (session != nullptr) {
    const double cost = session->bucket.level(limits.cost_rate, ctx.now().steady_ms);
    show_use("cost", static_cast<std::size_t>(cost), static_cast<std::size_t>(limits.cost_burst));
  }
  show_use("channels", peer.channels().size(), limits.channels);
  show_use("inbox", peer.inbox() == nullptr ? 0 : peer.inbox()->size(), limits.inbox);
  show_use("blocks", peer.state().blocks.size(), limits.blocks);
}

Result<Effects> run_whois(Context& ctx, const Args& args) {
  if (args[0].front() == '#') return whois_channel(ctx, args[0]);
  auto peer = find_peer(ctx, args[0]);
  if (!peer) return peer.refusal();
  Effects out;
  const std::string id = peer->id().text();
  ctx.ack(id);
  ctx.reply(out, ctx.numeric(Reply::WhoisPeer, {id}, irc::whois_json(*peer)));
  const std::string channels = channels_of(ctx, *peer);
  if (!channels.empty()) ctx.reply(out, ctx.numeric(Reply::WhoisChannels, {id}, channels));
  if (peer->away()) ctx.reply(out, ctx.numeric(Reply::AwayText, {id}, *peer->away()));
  const std::int64_t idle_s = (ctx.now().unix_ms - peer->talked_ms()) / 1000;
  ctx.reply(out,
            ctx.numeric(Reply::WhoisIdle, {id, std::to_string(std::max<std::int64_t>(0, idle_s))}));
  if (ctx.use_power(id)) show_more(ctx, out, *peer);
  ctx.reply(out, ctx.numeric(Reply::EndOfWhois, {id}));
  return out;
}

}  // namespace

constexpr Command verbs::whois{"whois",
                               "<peer|#channel>",
                               "show details of a peer or a channel",
                               "/whois bob",
                               Access::Described,
                               Cost{1},
                               Replies{FindChannelReplies, FindPeerReplies, Reply::WhoisPeer,
                                       Reply::WhoisChannels, Reply::AwayText, Reply::WhoisIdle,
                                       Reply::WhoisAddress, Reply::Statistic, Reply::EndOfWhois},
                               run_whois};

}  // namespace signaller::commands
