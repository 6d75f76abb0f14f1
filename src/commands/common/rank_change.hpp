// /op, /deop, /voice and /devoice.
#pragma once

#include <string_view>

#include "commands/common/lookup.hpp"
#include "commands/context/context.hpp"

namespace signaller::commands {

/// Without 478: only a rank that is given needs a place in the list.
constexpr Replies ChangeRankReplies{FindSubjectReplies, irc::Failure::NotInChannel,
                                    irc::Note::NothingChanged};

struct RankChange {
  std::string_view mode;  ///< `+o`
  irc::Rank to;
  bool (*concerns)(irc::Rank before);  ///< whether it changes anything
};

/// Changes the rank of a member, or of an owned id that is not a member now. `args`: `<peer>
/// #channel`. 401, AMBIGUOUS_PEER, 403, 442, 476, 478, 482, NOT_IN_CHANNEL; NOTHING_CHANGED.
Result<Effects> change_rank(Context& ctx, const Args& args, const RankChange& change);

}  // namespace signaller::commands
