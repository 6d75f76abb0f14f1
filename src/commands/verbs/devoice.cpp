#include "commands/common/rank_change.hpp"

namespace signaller::commands {
namespace {

using irc::Rank;

Result<Effects> run_devoice(Context& ctx, const Args& args) {
  constexpr RankChange Change{"-v", Rank::None, [](Rank before) { return before == Rank::Voice; }};
  return change_rank(ctx, args, Change);
}

}  // namespace

constexpr Command verbs::devoice{
    "devoice",         "<peer> #channel", "take away what /voice gave", "/devoice bob #lobby",
    Access::Described, Cost{2},           Replies{ChangeRankReplies},   run_devoice};

}  // namespace signaller::commands
