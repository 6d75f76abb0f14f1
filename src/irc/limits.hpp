// What the world may hold.
#pragma once

#include <cstddef>
#include <cstdint>

namespace signaller::irc {

/// Of the messages kept for since, /history and joining.
struct LogLimits {
  std::size_t messages = 1'000;         ///< of one channel
  std::size_t bytes = 1'048'576;        ///< of one channel
  std::size_t all_bytes = 268'435'456;  ///< of all: the largest logs are cut first
  std::int64_t age_ms = 86'400'000;
};

/// Of the private messages kept for a peer.
struct InboxLimits {
  std::size_t messages = 64;
  std::size_t bytes = 262'144;
  std::size_t all_bytes = 67'108'864;  ///< of all peers
};

struct WorldLimits {
  LogLimits log;
  InboxLimits inbox;
  std::size_t labels = 256;       ///< of a peer's messages, remembered for retries
  std::size_t standings = 1'000;  ///< bans of one channel; mutes, invites and kept ranks likewise
  std::size_t identities = 1'000'000;
  bool mirrored = false;  ///< messages are marked to be stored
};

}  // namespace signaller::irc
