#include "commands/common/moderation.hpp"
#include "commands/common/server_removal.hpp"

namespace signaller::commands {
namespace {

Effects run_kill(Context& ctx, const Args& args) {
  Effects refusal = check_reason(ctx, args[1]);
  return ctx.refused() ? refusal : kill_peer(ctx, args[0], args[1]);
}

}  // namespace

constexpr Command verbs::kill{"kill",
                              "<peer> [reason...]",
                              "close a peer's connection and end its session",
                              "/kill bob flooding",
                              Access::ServerOperator,
                              Cost{2},
                              run_kill};

}  // namespace signaller::commands
