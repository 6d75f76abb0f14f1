#include "commands/common/lookup.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_unblock(Context& ctx, const Args& args) {
  auto id = find_id(ctx, args[0]);
  if (!id) return id.refusal();
  if (!ctx.me().has_blocked(*id)) return ctx.fail(irc::Failure::NotBlocked, {id->text()});
  ctx.ack(id->text());
  ctx.world().edit(ctx.me(), ctx.now()).blocks.erase(*id);
  Effects out;
  ctx.reply(out, irc::Line(ctx.me(), "UNBLOCK").param(*id));
  return out;
}

}  // namespace

constexpr Command verbs::unblock{"unblock",
                                 "<peer>",
                                 "accept private messages and invitations from a peer again",
                                 "/unblock bob",
                                 Access::Described,
                                 Cost{1},
                                 Replies{FindPeerReplies, irc::Failure::NotBlocked},
                                 run_unblock};

}  // namespace signaller::commands
