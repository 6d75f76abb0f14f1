#include "commands/common/rank_change.hpp"

namespace signaller::commands {
namespace {

using irc::Rank;

Result<Effects> run_voice(Context& ctx, const Args& args) {
  constexpr RankChange Change{"+v", Rank::Voice, [](Rank before) { return before == Rank::None; }};
  return change_rank(ctx, args, Change);
}

}  // namespace

constexpr Command verbs::voice{"voice",
                               "<peer> #channel",
                               "let a peer speak in a moderated channel; needs operator rank in it",
                               "/voice bob #lobby",
                               Access::Described,
                               Cost{2},
                               Replies{ChangeRankReplies, irc::Reply::ListFull},
                               run_voice};

}  // namespace signaller::commands
