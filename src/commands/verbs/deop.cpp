#include "commands/common/rank_change.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_deop(Context& ctx, const Args& args) {
  return change_rank(ctx, args, RankChange::Take, irc::Rank::Operator);
}

}  // namespace

constexpr Command verbs::deop{
    "deop",
    "<peer> #channel",
    "turn an operator of a channel into a plain member; needs operator rank in it",
    "/deop bob #lobby",
    Access::Described,
    Cost{2},
    Replies{ChangeRankReplies},
    run_deop};

}  // namespace signaller::commands
