#include "commands/common/channel_burst.hpp"

#include <utility>

#include "commands/common/channel_line.hpp"
#include "commands/common/names_reply.hpp"
#include "commands/session/hold_lines.hpp"
#include "commands/session/membership.hpp"

namespace signaller::commands {
namespace {

bool burst_step(Context& ctx, ReplyPart& part, Effects& out) {
  const auto name = irc::ChannelName::parse(part.name, irc::ChannelName::MostBytes);
  const irc::Channel* channel = name ? ctx.world().find(*name) : nullptr;
  if (channel == nullptr || !ctx.me().is_in(*channel)) return true;
  show_channel(ctx, out, *channel);
  auto names = names_on_entering(ctx, *channel);
  if (!names) return true;
  part = std::move(*names);  // the part continues as the list of names
  return part.step(ctx, part, out);
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

std::optional<ReplyPart> names_on_entering(Context& ctx, const irc::Channel& channel) {
  if (ctx.me().caps().no_names) return std::nullopt;
  return is_big(ctx.slash(), channel) ? list_ranks(channel)
                                      : list_names(channel, NoLimit, std::nullopt);
}

ReplyPart burst(const irc::Channel& channel) {
  ReplyPart part;
  part.step = burst_step;
  part.kind = ReplyPartKind::Burst;
  part.name = channel.name();
  return part;
}

}  // namespace signaller::commands
