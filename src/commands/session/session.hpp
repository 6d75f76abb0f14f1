// A connection, as the slash protocol sees it.
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
  irc::Peer* peer = nullptr;                           ///< null: not described
  RegistrationDeadlines::Place registration_deadline;  ///< valid until it is described
  port::TokenBucket bucket;            ///< moves with its peer to another connection
  port::AddressUse* origin = nullptr;  ///< never null once it is open
  ErrorRate error_rate;
  bool closing = false;                   ///< a Close is on its way: further lines are ignored
  bool unread = false;                    ///< its client has gone: nobody reads replies
  std::uint64_t pending_request = 0;      ///< the token of the answer that it waits for; 0: none
  std::string address;                    ///< without port
  std::string operator_name;              ///< the name of /oper; empty: not a server operator
  std::unique_ptr<LongReply> reply;       ///< under way
  std::unique_ptr<HeldLines> held_lines;  ///< live lines that wait for the end of a replay
  std::string deferred;                   ///< the client's lines that came while it was busy

  /// Whether its next line has to wait.
  [[nodiscard]] bool is_busy() const { return reply != nullptr || pending_request != 0; }
};

/// By id: a connection that has gone is not found.
using Sessions = std::unordered_map<port::ConnectionId, Session>;

}  // namespace signaller::commands
