#include "commands/common/rank_change.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_op(Context& ctx, const Args& args) {
  return change_rank(ctx, args, RankChange::Give, irc::Rank::Operator);
}

}  // namespace

constexpr Command verbs::op{"op",
                            "<peer> #channel",
                            "make a peer an operator of a channel; needs operator rank in it",
                            "/op bob #lobby",
                            Access::Described,
                            Cost{2},
                            Replies{ChangeRankReplies, irc::Reply::ListFull},
                            run_op};

}  // namespace signaller::commands
