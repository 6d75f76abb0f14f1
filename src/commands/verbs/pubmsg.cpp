#include "commands/common/lookup.hpp"

namespace signaller::commands {
namespace {

using irc::Reply;

/// Checks whether the caller, a member, may speak in the channel. Refuses with 404, SLOW_MODE.
Result<void> check_speaking(Context& ctx, const irc::Channel& channel) {
  const irc::PeerId& id = ctx.me().id();
  const irc::Modes& modes = channel.modes();
  const bool ranked = channel.rank_of(id) != irc::Rank::None;
  if (channel.is_muted(id, ctx.now().unix_ms) && !ctx.use_power(channel.name())) {
    return ctx.refuse(Reply::CannotSpeak, {channel.name()}, "You are muted in that channel");
  }
  if (modes.moderated && !ranked && !ctx.use_power(channel.name())) {
    return ctx.refuse(Reply::CannotSpeak, {channel.name()},
                      "The channel is moderated: only members with a rank may speak");
  }
  if (!modes.slow_s || ranked) return {};
  const std::int64_t spoke_ms = channel.last_spoken().find(id);
  const std::int64_t again_ms = spoke_ms + std::int64_t{*modes.slow_s} * 1000;
  if (spoke_ms == 0 || again_ms <= ctx.now().steady_ms) return {};
  if (ctx.use_power(channel.name())) return {};
  return ctx.fail(irc::Failure::SlowMode, {std::to_string(again_ms - ctx.now().steady_ms)});
}

/// Takes an extra cost, which grows with the size of the message and the number of members. Then
/// takes the message's bytes from the bucket that all senders of the channel share. An ordinary
/// reader can keep up with the rate of that bucket. Refuses with RATE_LIMITED.
Result<void> spend_on(Context& ctx, irc::Channel& channel, std::string_view content) {
  const auto bytes = static_cast<double>(content.size());
  const auto members = static_cast<double>(channel.members().size());
  const Limits& limits = ctx.limits();
  const std::int64_t now_ms = ctx.now().steady_ms;
  port::TokenBucket& flow = irc::World::flow(channel);
  if (const auto wait_ms = flow.wait_ms(bytes, limits.channel_rate, limits.channel_burst, now_ms)) {
    return ctx.fail(irc::Failure::RateLimited, {std::to_string(wait_ms), "limits.channel_rate"});
  }
  auto spent = ctx.spend_more(bytes * members / static_cast<double>(limits.cost_bytes));
  if (spent) flow.take(bytes, limits.channel_rate, limits.channel_burst, now_ms);
  return spent;
}

Result<Effects> run_pubmsg(Context& ctx, const Args& args) {
  Effects out;
  if (ctx.acknowledgement().answer_retry(out)) return out;
  const std::string_view content = args[1];
  if (content.size() > ctx.limits().content) {
    return ctx.too_long("CHATLEN", ctx.limits().content, content.size());
  }
  auto channel = find_joined(ctx, args[0]);
  if (!channel) return channel.refusal();
  if (auto checked = check_speaking(ctx, *channel); !checked) return checked.refusal();

  if (auto spent = spend_on(ctx, *channel, content); !spent) return spent.refusal();

  irc::Peer& me = ctx.me();
  const std::uint64_t seq = ctx.world().channel_logs().next_seq(*channel);
  std::string msgid = ctx.slash().next_msgid(MessageKind::Channel);
  ctx.world().talked(me, ctx.now());
  if (const auto slow_s = channel->modes().slow_s) {
    irc::World::last_spoken(*channel).note(me.id(), ctx.now().steady_ms, *slow_s);
  }
  ctx.acknowledgement().set_message(channel->name(), msgid, seq);
  irc::Line line = ctx.dated(line_of(irc::ChannelMessage{me, *channel, content}));
  line.message(std::move(msgid), seq);
  ctx.world().channel_logs().add(*channel, line.stored(me, ctx.label()));
  publish(ctx.slash(), out, *channel, std::move(line), irc::ChannelMessage::Class,
          me.caps().echo ? nullptr : &me, seq);
  return out;
}

}  // namespace

constexpr Command verbs::pubmsg{
    "pubmsg",
    "#channel <content...>",
    "send a message to a channel that you are in",
    "/pubmsg #lobby hello, all",
    Access::Described,
    Cost{1},
    Replies{FindJoinedReplies, Reply::TooLong, Reply::CannotSpeak, irc::Failure::SlowMode,
            irc::Failure::RateLimited, irc::Failure::NotStored},
    run_pubmsg,
    "say"};

}  // namespace signaller::commands
