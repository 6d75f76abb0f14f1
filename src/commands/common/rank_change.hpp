// Implements /op, /deop, /voice and /devoice.
#pragma once

#include <string_view>

#include "commands/common/lookup.hpp"
#include "commands/context/context.hpp"

namespace signaller::commands {

/// Replies without 478: only giving a rank needs room in the list.
constexpr Replies ChangeRankReplies{FindSubjectReplies, irc::Failure::NotInChannel,
                                    irc::Note::NothingChanged};

struct RankChange {
  std::string_view mode;  ///< change in the MODE line, such as `+o`
  irc::Rank to;
  /// Whether the command changes anything for a holder of this rank.
  bool (*concerns)(irc::Rank before);
};

/// Changes the rank of a member, or of an owned id that is not a member now. `args`: `<peer>
/// #channel`. Refuses with 401, AMBIGUOUS_PEER, 403, 442, 476, 478, 482, NOT_IN_CHANNEL; notes
/// NOTHING_CHANGED.
Result<Effects> change_rank(Context& ctx, const Args& args, const RankChange& change);

}  // namespace signaller::commands
