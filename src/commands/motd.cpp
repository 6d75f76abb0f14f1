#include "commands/welcome.hpp"

namespace signaller::commands {
namespace {

Effects run(Context& ctx, const Args& /*args*/) {
  Effects out;
  message_of_the_day(ctx, out);
  return out;
}

}  // namespace

constexpr Command verbs::motd{
    "motd", "", "show the message of the day", "/motd", Access::Described, Cost{1}, run};

}  // namespace signaller::commands
