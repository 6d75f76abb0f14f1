#include "commands/common/welcome.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_motd(Context& ctx, const Args& /*args*/) {
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
