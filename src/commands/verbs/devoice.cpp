#include "commands/common/rank_change.hpp"

namespace signaller::commands {
namespace {

Result<Effects> run_devoice(Context& ctx, const Args& args) {
  return change_rank(ctx, args, RankChange::Take, irc::Rank::Voice);
}

}  // namespace

constexpr Command verbs::devoice{"devoice",
                                 "<peer> #channel",
                                 "take voice from a peer; needs operator rank in the channel",
                                 "/devoice bob #lobby",
                                 Access::Described,
                                 Cost{2},
                                 Replies{ChangeRankReplies},
                                 run_devoice};

}  // namespace signaller::commands
