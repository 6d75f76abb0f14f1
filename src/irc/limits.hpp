// What the world may hold.
#pragma once

#include <cstddef>
#include <cstdint>

#include "irc/history/limits.hpp"

namespace signaller::irc {

struct WorldLimits {
  LogLimits log;
  InboxLimits inbox;
  std::size_t labels = 256;       ///< of a peer's messages, remembered for retries
  std::size_t standings = 1'000;  ///< bans of one channel; mutes, invites and kept ranks likewise
  std::size_t identities = 1'000'000;
  bool mirrored = false;  ///< messages are marked to be stored
};

}  // namespace signaller::irc
