#include "commands/common/rank_change.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_voice(Context& ctx, const Args& args) {
  return change_rank(ctx, args, RankChange::Give, irc::Rank::Voice);
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
