// The state of one connection in the slash protocol.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "commands/session/held_lines.hpp"
#include "commands/session/long_reply.hpp"
#include "commands/session/rates.hpp"
#include "commands/session/registration_deadlines.hpp"
#include "irc/peer.hpp"
#include "port/address_costs.hpp"
#include "port/bucket.hpp"
#include "port/ids.hpp"

namespace signaller::commands {

struct Session {
  port::ConnectionId connection;
  irc::Peer* peer = nullptr;                           ///< null: not described yet
  RegistrationDeadlines::Place registration_deadline;  ///< valid until the peer is described
  port::TokenBucket bucket;            ///< moves with the peer to another connection
  port::AddressUse* origin = nullptr;  ///< never null after the connection has opened
  ErrorRate error_rate;
  bool closing = false;                   ///< a Close was sent: further lines are ignored
  bool unread = false;                    ///< the client has disconnected: nobody reads replies
  std::uint64_t pending_request = 0;      ///< token of the awaited answer; 0: none is awaited
  std::string address;                    ///< IP address without port
  std::string operator_name;              ///< operator name of /oper; empty: not a server operator
  std::unique_ptr<LongReply> reply;       ///< the reply under way; null: none
  std::unique_ptr<HeldLines> held_lines;  ///< live lines that wait for the end of a replay
  std::string deferred;  ///< client's lines that arrived while the session was busy

  /// Whether the next line of the client must wait.
  [[nodiscard]] bool is_busy() const { return reply != nullptr || pending_request != 0; }
};

/// Sessions by connection id: a connection that has gone is not found.
using Sessions = std::unordered_map<port::ConnectionId, Session>;

}  // namespace signaller::commands
