// The limits of the world.
#pragma once

#include <cstddef>
#include <cstdint>

#include "irc/history/limits.hpp"

namespace signaller::irc {

struct WorldLimits {
  LogLimits log;
  InboxLimits inbox;
  std::size_t labels = 256;  ///< labels that are remembered for each peer
  /// Maximum of a channel's bans; the same for mutes, invitations and kept ranks.
  std::size_t standings = 1'000;
  std::size_t identities = 1'000'000;
  bool mirrored = false;  ///< whether the store holds messages too
};

}  // namespace signaller::irc
