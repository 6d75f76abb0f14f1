// A connection, as the slash protocol knows it.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "commands/bucket.hpp"
#include "commands/pump.hpp"
#include "commands/waiting.hpp"
#include "irc/peer.hpp"
#include "port/ids.hpp"

namespace signaller::commands {

struct Session {
  port::ConnectionId connection;
  irc::Peer* peer = nullptr;  ///< null: not described
  Waiting::Place waiting;     ///< good while it is not described
  Bucket bucket;
  bool closing = false;        ///< a Close is on its way: nothing more is heard
  std::unique_ptr<Pump> pump;  ///< a long reply under way
  std::string deferred;        ///< lines that came while it is
};

/// By id, so that one that is gone is simply not found.
using Sessions = std::unordered_map<port::ConnectionId, Session>;

}  // namespace signaller::commands
