#include "commands/common/lookup.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_block(Context& ctx, const Args& args) {
  auto id = find_id(ctx, args[0]);
  if (!id) return id.refusal();
  ctx.ack(id->text());
  Effects out;
  if (ctx.me().has_blocked(*id)) {
    ctx.note(out, irc::Note::NothingChanged, id->text());
    return out;
  }
  if (ctx.me().state().blocks.size() >= ctx.limits().blocks) {
    return ctx.refuse(irc::Reply::ListFull, {id->text()}, ctx.limits().blocks);
  }
  ctx.world().edit(ctx.me(), ctx.now()).blocks.emplace(*id, 0);
  ctx.reply(out, irc::Line(ctx.me(), "BLOCK").param(*id));
  return out;
}

}  // namespace

constexpr Command verbs::block{
    "block",
    "<peer>",
    "refuse private messages and invitations from a peer",
    "/block bob",
    Access::Described,
    Cost{1},
    Replies{FindPeerReplies, irc::Reply::ListFull, irc::Note::NothingChanged},
    run_block};

}  // namespace signaller::commands
