#include "commands/context/context.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_ping(Context& ctx, const Args& args) {
  irc::Line line = ctx.server_line("PONG").param(ctx.options().server_name);
  if (args.has(0)) line.trailing(args[0]);
  Effects out;
  ctx.reply(out, std::move(line));
  return out;
}

}  // namespace

constexpr Command verbs::ping{"ping",
                              "[text...]",
                              "check the connection: the server answers PONG with the same text",
                              "/ping are you there",
                              Access::Anybody,
                              Cost{1},
                              Replies{},
                              run_ping};

}  // namespace signaller::commands
