#include "commands/context/context.hpp"

namespace signaller::commands {
namespace {

bool may_broadcast(const Context& ctx) {
  if (ctx.is_server_operator()) return true;
  switch (ctx.options().broadcast) {
    case BroadcastBy::Operators:
      return false;
    case BroadcastBy::Peers:
      return true;
  }
  return false;
}

Result<Effects> run_broadcast(Context& ctx, const Args& args) {
  const std::string_view content = args[0];
  if (!may_broadcast(ctx)) return ctx.refuse(irc::Reply::NotServerOperator, {});
  if (content.size() > ctx.limits().content) {
    return ctx.too_long("CHATLEN", ctx.limits().content, content.size());
  }
  irc::Peer& me = ctx.me();
  std::string msgid = ctx.slash().next_msgid(MessageKind::Broadcast);
  ctx.world().talked(me, ctx.now());
  ctx.acknowledgement().set("*", msgid, 0);
  irc::Line line = ctx.dated(line_of(irc::Broadcasted{me, content}));
  line.message(std::move(msgid), 0);
  Effects out;
  publish_everybody(ctx.slash(), out, std::move(line), &me);
  ctx.audit_trail().note_always(out, "*", content);
  return out;
}

}  // namespace

constexpr Command verbs::broadcast{"broadcast",
                                   "<content...>",
                                   "send a message to everybody on the server",
                                   "/broadcast the server restarts at noon",
                                   Access::Described,
                                   Cost{20},
                                   Replies{irc::Reply::NotServerOperator, irc::Reply::TooLong},
                                   run_broadcast};

}  // namespace signaller::commands
