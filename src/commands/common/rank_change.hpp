// /op, /deop, /voice and /devoice.
#pragma once

#include <string_view>

#include "commands/context/context.hpp"

namespace signaller::commands {

struct RankChange {
  std::string_view mode;  ///< `+o`
  irc::Rank to;
  bool (*concerns)(irc::Rank before);  ///< whether it changes anything
};

/// Gives a member, or an owned id that is not there, another rank. `args`: `<peer> #channel`. 401,
/// AMBIGUOUS_PEER, 403, 442, 476, 478, 482, NOT_IN_CHANNEL; NOTHING_CHANGED.
Effects change_rank(Context& ctx, const Args& args, const RankChange& change);

}  // namespace signaller::commands
