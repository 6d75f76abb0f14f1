// Implements /op, /deop, /voice and /devoice.
#pragma once

#include <cstdint>

#include "commands/common/lookup.hpp"
#include "commands/context/context.hpp"

namespace signaller::commands {

/// The replies of change_rank except 478, which refuses to give a rank if the list is full. A
/// command that takes a rank never gives 478.
constexpr Replies ChangeRankReplies{FindSubjectReplies, irc::Failure::NotInChannel,
                                    irc::Note::NothingChanged};

enum class RankChange : std::uint8_t { Give, Take };

/// Changes the rank of a member, or of an owned id that is not a member now. `args`: `<peer>
/// #channel`. Refuses with 401, AMBIGUOUS_PEER, 403, 442, 476, 478, 482, NOT_IN_CHANNEL; notes
/// NOTHING_CHANGED.
/// @param rank  Give: an id with a lower rank gets `rank`. Take: an id with exactly `rank` loses
///   it. Other ids keep their rank.
Result<Effects> change_rank(Context& ctx, const Args& args, RankChange change, irc::Rank rank);

}  // namespace signaller::commands
