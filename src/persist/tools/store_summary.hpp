// Statistics of a store. Pure functions.
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
  std::size_t bytes = 0;  ///< bytes of the channel's stored messages
};

struct SessionLine {
  const port::PeerRecord* record = nullptr;
  std::size_t channels = 0;
  std::size_t mail = 0;
};

/// Statistics of a snapshot. Contains pointers into the snapshot.
struct StoreSummary {
  std::size_t peers = 0;
  std::size_t here = 0;   ///< peers with a session: live, suspended, or left by a server that died
  std::size_t owned = 0;  ///< peers with a secret
  std::size_t kept = 0;   ///< owned ids without a session
  std::size_t channels = 0;
  std::size_t members = 0;
  std::size_t messages = 0;
  std::size_t message_bytes = 0;  ///< bytes of messages in their stored form
  std::size_t mail = 0;
  std::size_t mail_bytes = 0;
  std::size_t bans = 0;          ///< number of server bans
  std::size_t channel_bans = 0;  ///< number of bans of all channels
  std::size_t audit = 0;
  /// Sorted by number of members, then of messages, both descending, then by name.
  std::vector<ChannelLine> channels_by_size;
  /// Peers with a session; the peer that was seen last is first.
  std::vector<SessionLine> sessions;
};

/// @param snapshot  must outlive the result
StoreSummary summarize(const port::Snapshot& snapshot);

}  // namespace signaller::persist
