#include "commands/common/leave_channel.hpp"

#include "commands/common/lookup.hpp"
#include "commands/common/moderation.hpp"
#include "commands/session/membership.hpp"

namespace signaller::commands {

Result<Effects> leave_channel(Context& ctx, std::string_view name, std::string_view text) {
  auto reason = read_reason(ctx, text);
  if (!reason) return reason.refusal();
  // Gives the same reply in three cases: the caller is not in the channel, there is no such
  // channel, or the name is invalid.
  const auto parsed = irc::ChannelName::parse(name, irc::ChannelName::MostBytes);
  irc::Channel* channel = parsed ? ctx.world().find(*parsed) : nullptr;
  if (channel == nullptr || !ctx.me().is_in(*channel)) {
    return ctx.refuse(irc::Reply::NotAMember, {name});
  }
  Effects out;
  ctx.ack(channel->name());
  const irc::Parted event{ctx.me(), *channel, *reason};
  if (is_suppressed(ctx.slash(), ctx.me(), *channel)) {
    note_count(ctx.slash(), ctx.me(), *channel);
    ctx.reply(out, line_of(event), lane_of(*channel));
  } else {
    ctx.tell(out, *channel, event);
  }
  leave(ctx.slash(), out, ctx.me(), *channel);
  return out;
}

}  // namespace signaller::commands
