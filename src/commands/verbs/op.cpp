#include "commands/common/rank_change.hpp"

namespace signaller::commands {
namespace {

using irc::Rank;

Result<Effects> run_op(Context& ctx, const Args& args) {
  constexpr RankChange Change{"+o", Rank::Operator,
                              [](Rank before) { return before != Rank::Operator; }};
  return change_rank(ctx, args, Change);
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
