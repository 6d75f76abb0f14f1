#include "commands/context/context.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_time(Context& ctx, const Args& /*args*/) {
  std::string text;
  irc::append_time(text, ctx.now().unix_ms);
  Effects out;
  ctx.reply(out, ctx.numeric(irc::Reply::ServerTime, {ctx.options().server_name}, text));
  return out;
}

}  // namespace

constexpr Command verbs::time{"time",
                              "",
                              "show the server's time, in UTC",
                              "/time",
                              Access::Described,
                              Cost{1},
                              Replies{irc::Reply::ServerTime},
                              run_time};

}  // namespace signaller::commands
