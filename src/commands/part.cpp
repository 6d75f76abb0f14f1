#include "commands/part.hpp"

#include "commands/lookup.hpp"
#include "commands/membership.hpp"
#include "commands/moderation.hpp"

namespace signaller::commands {

Effects leave_channel(Context& ctx, std::string_view name, std::string_view reason) {
  Effects refusal = check_reason(ctx, reason);
  if (ctx.refused()) return refusal;
  // Whatever it names, be it no channel at all: the caller is not in it.
  const auto parsed = irc::ChannelName::parse(name, irc::ChannelName::MostBytes);
  irc::Channel* channel = parsed ? ctx.world().find(*parsed) : nullptr;
  if (channel == nullptr || !ctx.me().is_in(*channel)) {
    return ctx.refuse(irc::Reply::NotAMember, {name});
  }
  Effects out;
  ctx.ack(channel->name());
  const irc::Parted event{ctx.me(), *channel, reason};
  if (is_hushed(ctx.core(), ctx.me(), *channel)) {
    note_count(ctx.core(), ctx.me(), *channel);
    ctx.reply(out, line_of(event), lane_of(*channel));
  } else {
    ctx.tell(out, *channel, event);
  }
  leave(ctx.core(), out, ctx.me(), *channel);
  return out;
}

namespace {

Effects run(Context& ctx, const Args& args) {
  return leave_channel(ctx, args[0], args[1]);
}

}  // namespace

constexpr Command verbs::part{"part",
                              "#channel [reason...]",
                              "leave a channel, as /quit #channel",
                              "/part #lobby good night",
                              Access::Described,
                              Cost{1},
                              run};

}  // namespace signaller::commands
