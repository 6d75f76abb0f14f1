#include "commands/common/welcome.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_motd(Context& ctx, const Args& /*args*/) {
  if (ctx.options().motd.empty()) return ctx.refuse(irc::Reply::NoMotd, {});
  Effects out;
  message_of_the_day(ctx, out);
  return out;
}

}  // namespace

constexpr Command verbs::motd{"motd",
                              "",
                              "show the message of the day",
                              "/motd",
                              Access::Described,
                              Cost{1},
                              Replies{MotdReplies},
                              run_motd};

}  // namespace signaller::commands
