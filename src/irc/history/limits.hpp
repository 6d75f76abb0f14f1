// Limits on stored messages.
#pragma once

#include <cstddef>
#include <cstdint>

namespace signaller::irc {

/// Bounds of the channels' message logs, which answer `since`, /history and joins.
struct LogLimits {
  std::size_t messages = 1'000;         ///< in the log of one channel
  std::size_t bytes = 1'048'576;        ///< in the log of one channel
  std::size_t all_bytes = 268'435'456;  ///< in all logs: above it, the largest are cut first
  std::int64_t age_ms = 86'400'000;     ///< older messages are removed
};

/// Bounds of the peers' inboxes, which keep private messages.
struct InboxLimits {
  std::size_t messages = 64;           ///< of one peer
  std::size_t bytes = 262'144;         ///< of one peer
  std::size_t all_bytes = 67'108'864;  ///< of all peers
};

}  // namespace signaller::irc
