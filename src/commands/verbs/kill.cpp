#include "commands/common/lookup.hpp"
#include "commands/common/moderation.hpp"
#include "commands/common/server_removal.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_kill(Context& ctx, const Args& args) {
  if (auto checked = check_reason(ctx, args[1]); !checked) return checked.refusal();
  return kill_peer(ctx, args[0], args[1]);
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
