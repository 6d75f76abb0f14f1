#include "commands/lookup.hpp"

namespace signaller::commands {
namespace {

Effects run(Context& ctx, const Args& args) {
  const std::string_view content = args[1];
  if (content.size() > ctx.limits().content) {
    return ctx.too_long("CHATLEN", ctx.limits().content, content.size());
  }
  const auto peer = find_peer(ctx, args[0]);
  if (!peer) return peer.refusal;

  irc::Peer& me = ctx.me();
  const std::string id = peer->id().text();
  const std::uint64_t seq = ctx.world().next_inbox_seq(*peer);
  std::string msgid = ctx.core().next_msgid();
  ctx.world().talked(me, ctx.now());
  ctx.ack(id, msgid, seq);
  irc::Line line = ctx.dated(line_of(irc::Told{me, *peer, content}));
  line.message(std::move(msgid), seq);
  Effects out;
  out.add(port::Send{peer->connection(), line.render(peer->form()), irc::Told::Class,
                     private_lane(me.connection())});
  if (peer->away()) {
    ctx.reply(out, ctx.numeric(irc::Reply::AwayText, {id}, *peer->away()));
  }
  return out;
}

}  // namespace

constexpr Command verbs::privmsg{"privmsg",
                                 "<peer> <content...>",
                                 "say something to one peer, wherever it is",
                                 "/privmsg bob psst",
                                 Access::Described,
                                 Cost{1},
                                 run,
                                 "msg"};

}  // namespace signaller::commands
