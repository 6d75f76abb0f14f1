// A connection, as the slash protocol knows it.
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
#include "port/bucket.hpp"
#include "port/ids.hpp"

namespace signaller::commands {

struct Session {
  port::ConnectionId connection;
  irc::Peer* peer = nullptr;                           ///< null: not described
  RegistrationDeadlines::Place registration_deadline;  ///< good while it is not described
  port::TokenBucket bucket;      ///< of its peer: it moves with the peer to another connection
  AddressUse* origin = nullptr;  ///< never null once it is open
  ErrorRate error_rate;
  bool closing = false;                   ///< a Close is on its way: nothing more is heard
  bool unread = false;                    ///< its client has gone: nobody reads what it is answered
  std::uint64_t pending_request = 0;      ///< the token of an answer without which nothing goes on
  std::string address;                    ///< without port
  std::string operator_name;              ///< of /oper; empty: no server operator
  std::unique_ptr<LongReply> reply;       ///< under way
  std::unique_ptr<HeldLines> held_lines;  ///< lines that wait for the end of a replay
  std::string deferred;                   ///< lines that came while it had to wait

  /// Whether its next line has to wait.
  [[nodiscard]] bool is_busy() const { return reply != nullptr || pending_request != 0; }
};

/// By id, so that one that is gone is simply not found.
using Sessions = std::unordered_map<port::ConnectionId, Session>;

}  // namespace signaller::commands
