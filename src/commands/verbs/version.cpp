#include "commands/context/context.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_version(Context& ctx, const Args& /*args*/) {
  const Options& options = ctx.options();
  Effects out;
  ctx.reply(out, ctx.numeric(irc::Reply::Version, {options.version, options.server_name},
                             "Signaller, a chat and signalling server over WebSocket"));
  return out;
}

}  // namespace

constexpr Command verbs::version{
    "version",       "",      "show the version of the server", "/version",
    Access::Anybody, Cost{1}, Replies{irc::Reply::Version},     run_version};

}  // namespace signaller::commands
