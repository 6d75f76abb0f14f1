// Limits on stored messages.
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

}  // namespace signaller::irc
