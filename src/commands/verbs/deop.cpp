#include "commands/common/rank_change.hpp"

namespace signaller::commands {
namespace {

using irc::Rank;

Result<Effects> run_deop(Context& ctx, const Args& args) {
  constexpr RankChange Change{"-o", Rank::None,
                              [](Rank before) { return before == Rank::Operator; }};
  return change_rank(ctx, args, Change);
}

}  // namespace

constexpr Command verbs::deop{
    "deop",
    "<peer> #channel",
    "make an operator of a channel a plain member; needs operator rank in it",
    "/deop bob #lobby",
    Access::Described,
    Cost{2},
    Replies{ChangeRankReplies},
    run_deop};

}  // namespace signaller::commands
