#include "commands/common/leave_channel.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_part(Context& ctx, const Args& args) {
  return leave_channel(ctx, args[0], args[1]);
}

}  // namespace

constexpr Command verbs::part{"part",
                              "#channel [reason...]",
                              "leave a channel, the same as /quit #channel",
                              "/part #lobby good night",
                              Access::Described,
                              Cost{1},
                              Replies{irc::Reply::NotAMember, irc::Reply::TooLong},
                              run_part};

}  // namespace signaller::commands
