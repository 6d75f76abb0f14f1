#include "commands/context/context.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_back(Context& ctx, const Args& /*args*/) {
  Effects out;
  ctx.reply(out, ctx.numeric(irc::Reply::NotAway, {}));
  if (!ctx.me().away()) return out;  // the caller was not away, so other peers get no line
  ctx.world().edit(ctx.me(), ctx.now()).away.reset();
  ctx.tell_shared(out, irc::AwayChanged{ctx.me()});
  return out;
}

}  // namespace

constexpr Command verbs::back{"back",
                              "",
                              "mark yourself as no longer away",
                              "/back",
                              Access::Described,
                              Cost{1},
                              Replies{irc::Reply::NotAway},
                              run_back};

}  // namespace signaller::commands
