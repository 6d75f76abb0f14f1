#include "commands/common/direct_messages.hpp"
#include "commands/common/lookup.hpp"
#include "commands/common/replay.hpp"

namespace signaller::commands {
namespace {

/// Numbers the message, keeps it and sends it to the receiver. Refuses with MAILBOX_FULL. If the
/// receiver blocks the caller, drops the message. The caller then gets an ordinary ACK, whose
/// number grows with each dropped message; the receiver's own numbers do not grow.
Result<void> deliver(Context& ctx, Effects& out, irc::Peer& to, std::string_view content) {
  irc::Peer& me = ctx.me();
  const std::string id = to.id().text();
  const Session* session = ctx.slash().find_session(to.connection());
  const bool at_once = session != nullptr && !mail_waits(*session);
  irc::Line line = ctx.dated(line_of(irc::PrivateMessage{me, to, content}));
  line.message(ctx.slash().next_msgid(MessageKind::Private), to.inbox_seq() + 1);
  const irc::StoredMessagePtr message = line.stored(me, ctx.label());
  if (!at_once && !ctx.world().mailboxes().has_room(to, message->cost())) {
    return ctx.fail(irc::Failure::MailboxFull, {id});
  }
  const auto block = to.state().blocks.find(me.id());
  if (block != to.state().blocks.end()) {
    const std::uint64_t swallowed = ctx.world().count_blocked_message(to, me.id());
    ctx.acknowledgement().set_message(id, message->msgid, to.inbox_seq() + swallowed);
    return {};
  }
  ctx.acknowledgement().set_message(id, message->msgid, ctx.world().mailboxes().next_seq(to));
  ctx.world().mailboxes().post(to, message, at_once, ctx.now());
  if (at_once) {
    tell_peer(ctx.slash(), out, to, line, irc::PrivateMessage::Class, private_lane(me.connection()),
              message->seq);
  }
  return {};
}

Result<Effects> run_privmsg(Context& ctx, const Args& args) {
  Effects out;
  if (ctx.acknowledgement().answer_retry(out)) return out;
  const std::string_view content = args[1];
  if (content.size() > ctx.limits().content) {
    return ctx.too_long("CHATLEN", ctx.limits().content, content.size());
  }
  auto peer = find_peer(ctx, args[0]);
  if (!peer) return peer.refusal();
  const std::string id = peer->id().text();
  if (!accepts_from(*peer, ctx.me())) return ctx.fail(irc::Failure::NotAccepted, {id});
  auto delivered = deliver(ctx, out, *peer, content);
  if (!delivered) return delivered.refusal();
  ctx.world().talked(ctx.me(), ctx.now());
  if (peer->away()) {
    ctx.reply(out, ctx.numeric(irc::Reply::AwayText, {id}, *peer->away()));
  }
  return out;
}

}  // namespace

constexpr Command verbs::privmsg{
    "privmsg",
    "<peer> <content...>",
    "send a message to one peer",
    "/privmsg bob psst",
    Access::Described,
    Cost{1},
    Replies{FindPeerReplies, irc::Reply::TooLong, irc::Reply::AwayText, irc::Failure::NotAccepted,
            irc::Failure::MailboxFull, irc::Failure::NotStored},
    run_privmsg,
    "msg"};

}  // namespace signaller::commands
