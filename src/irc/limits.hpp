// The limits of the world.
#pragma once

#include <cstddef>
#include <cstdint>

#include "irc/history/limits.hpp"

namespace signaller::irc {

struct WorldLimits {
  LogLimits log;
  InboxLimits inbox;
  std::size_t labels = 256;       ///< remembered for each peer, for retries
  std::size_t standings = 1'000;  ///< bans of a channel; likewise mutes, invitations, kept ranks
  std::size_t identities = 1'000'000;
  bool mirrored = false;  ///< messages are stored too
};

}  // namespace signaller::irc
