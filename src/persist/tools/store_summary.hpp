// What a store holds, counted. Pure.
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
  std::size_t bytes = 0;  ///< of its messages
};

struct GhostLine {
  const port::PeerRecord* record = nullptr;
  std::size_t channels = 0;
  std::size_t mail = 0;
};

/// Of a snapshot, which it points into.
struct StoreSummary {
  std::size_t peers = 0;
  std::size_t here = 0;   ///< have a session: live, suspended, or a ghost of a server that died
  std::size_t owned = 0;  ///< have a secret
  std::size_t kept = 0;   ///< identities: owned ids whose session has ended
  std::size_t channels = 0;
  std::size_t members = 0;
  std::size_t messages = 0;
  std::size_t message_bytes = 0;  ///< as they are stored
  std::size_t mail = 0;
  std::size_t mail_bytes = 0;
  std::size_t bans = 0;          ///< of the server
  std::size_t channel_bans = 0;  ///< of all channels
  std::size_t audit = 0;
  std::vector<ChannelLine> by_size;  ///< members first, then messages, then the name
  std::vector<GhostLine> ghosts;     ///< who is here, the one seen last first
};

/// @param snapshot  must outlive the result
StoreSummary summarize(const port::Snapshot& snapshot);

}  // namespace signaller::persist
