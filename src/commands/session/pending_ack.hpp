// An ACK that waits for the store. This header holds the data, acks.hpp the functions.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "irc/history/label_cache.hpp"
#include "port/ids.hpp"

namespace signaller::commands {

struct Command;

struct PendingAck {
  port::ConnectionId who;
  std::string label;
  const Command* command = nullptr;
  irc::Acknowledged message;
  std::uint64_t batch = 0;  ///< the ACK is sent when this batch, or a later one, is stored
  std::int64_t due_ms = 0;  ///< steady time at which NOT_STORED is sent
};

/// The waiting ACKs, in the order of their due times.
using PendingAcks = std::deque<PendingAck>;

}  // namespace signaller::commands
