// Limits on stored messages.
#pragma once

#include <cstddef>
#include <cstdint>

namespace signaller::irc {

/// Bounds of the channels' message logs, from which `since`, /history and joins are answered.
struct LogLimits {
  std::size_t messages = 1'000;   ///< maximum in the log of one channel
  std::size_t bytes = 1'048'576;  ///< maximum in the log of one channel
  /// Maximum in all logs; above it, the largest logs are cut first.
  std::size_t all_bytes = 268'435'456;
  std::int64_t age_ms = 86'400'000;  ///< older messages are removed
};

/// Bounds of the peers' inboxes, which hold private messages.
struct InboxLimits {
  std::size_t messages = 64;           ///< maximum for one peer
  std::size_t bytes = 262'144;         ///< maximum for one peer
  std::size_t all_bytes = 67'108'864;  ///< maximum for all peers together
};

}  // namespace signaller::irc
