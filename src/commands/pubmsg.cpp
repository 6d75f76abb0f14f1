#include "commands/lookup.hpp"

namespace signaller::commands {
namespace {

Effects run(Context& ctx, const Args& args) {
  const std::string_view content = args[1];
  if (content.size() > ctx.limits().content) {
    return ctx.too_long("CHATLEN", ctx.limits().content, content.size());
  }
  const auto channel = find_joined(ctx, args[0]);
  if (!channel) return channel.refusal;

  irc::Peer& me = ctx.me();
  const std::uint64_t seq = ctx.world().next_seq(*channel);
  std::string msgid = ctx.core().next_msgid();
  ctx.world().talked(me, ctx.now());
  ctx.ack(channel->name(), msgid, seq);
  irc::Line line = ctx.dated(line_of(irc::Said{me, *channel, content}));
  line.message(std::move(msgid), seq);
  Effects out;
  publish(out, *channel, std::move(line), irc::Said::Class, me.caps().echo ? nullptr : &me);
  return out;
}

}  // namespace

constexpr Command verbs::pubmsg{"pubmsg",
                                "#channel <content...>",
                                "say something to all in a channel that you are in",
                                "/pubmsg #lobby hello, all",
                                Access::Described,
                                Cost{1},
                                run,
                                "say"};

}  // namespace signaller::commands
