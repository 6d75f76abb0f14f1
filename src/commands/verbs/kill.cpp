#include "commands/common/lookup.hpp"
#include "commands/common/moderation.hpp"
#include "commands/common/server_removal.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_kill(Context& ctx, const Args& args) {
  auto reason = read_reason(ctx, args[1]);
  if (!reason) return reason.refusal();
  return kill_peer(ctx, args[0], *reason);
}

}  // namespace

constexpr Command verbs::kill{"kill",
                              "<peer> [reason...]",
                              "close a peer's connection and end its session",
                              "/kill bob flooding",
                              Access::ServerOperator,
                              Cost{2},
                              Replies{FindPeerReplies, irc::Reply::TooLong},
                              run_kill};

}  // namespace signaller::commands
