#include "commands/entering.hpp"

#include <utility>

#include "commands/channel_line.hpp"
#include "commands/membership.hpp"
#include "commands/names_reply.hpp"

namespace signaller::commands {
namespace {

bool burst_step(Context& ctx, Pump& pump, Effects& out) {
  const auto name = irc::ChannelName::parse(pump.name, irc::ChannelName::MostBytes);
  const irc::Channel* channel = name ? ctx.world().find(*name) : nullptr;
  if (channel == nullptr || !ctx.me().is_in(*channel)) return true;
  show_channel(ctx, out, *channel);
  auto names = names_on_entering(ctx, *channel);
  if (!names) return true;
  pump = std::move(*names);  // the burst goes on as the list
  return pump.step(ctx, pump, out);
}

}  // namespace

void show_channel(Context& ctx, Effects& out, const irc::Channel& channel) {
  const port::Lane lane = lane_of(channel);
  subscribe(out, ctx.me(), channel.topic_id());
  ctx.reply(out, line_of(irc::Joined{ctx.me(), channel}), lane);
  if (!channel.topic().empty()) {
    ctx.reply(out, ctx.numeric(irc::Reply::TopicText, {channel.name()}, channel.topic()), lane);
  }
  ctx.reply(out, channel_line(ctx, channel), lane);
}

std::optional<Pump> names_on_entering(Context& ctx, const irc::Channel& channel) {
  if (ctx.me().caps().no_names) return std::nullopt;
  return is_big(ctx.core(), channel) ? list_ranks(channel)
                                     : list_names(channel, NoLimit, std::nullopt);
}

Pump burst(const irc::Channel& channel) {
  Pump pump;
  pump.step = burst_step;
  pump.kind = PumpKind::Burst;
  pump.name = channel.name();
  return pump;
}

}  // namespace signaller::commands
