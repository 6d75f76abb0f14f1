// Statistics of a store. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "port/records.hpp"

namespace signaller::persist {

struct ChannelLine {
  const port::ChannelRecord* record = nullptr;
  std::size_t members = 0;
  std::size_t messages = 0;
  std::size_t bytes = 0;  ///< bytes of its stored messages
};

struct SessionLine {
  const port::PeerRecord* record = nullptr;
  std::size_t channels = 0;
  std::size_t mail = 0;
};

/// Statistics of a snapshot. Points into the snapshot.
struct StoreSummary {
  std::size_t peers = 0;
  std::size_t here = 0;   ///< peers with a session: live, suspended, or left by a server that died
  std::size_t owned = 0;  ///< peers with a secret
  std::size_t kept = 0;   ///< owned ids without a session
  std::size_t channels = 0;
  std::size_t members = 0;
  std::size_t messages = 0;
  std::size_t message_bytes = 0;  ///< in stored form
  std::size_t mail = 0;
  std::size_t mail_bytes = 0;
  std::size_t bans = 0;          ///< bans of the server
  std::size_t channel_bans = 0;  ///< bans of all channels
  std::size_t audit = 0;
  /// by members, then messages, both descending, then name
  std::vector<ChannelLine> channels_by_size;
  std::vector<SessionLine> sessions;  ///< peers with a session, last seen first
};

/// @param snapshot  must outlive the result
StoreSummary summarize(const port::Snapshot& snapshot);

}  // namespace signaller::persist
