// A command whose answer comes from elsewhere: a password to be hashed, a question to the edge.
// Its caller's next lines wait, so that answers keep the order of what was asked.
#pragma once

#include <string>

#include "port/effects.hpp"
#include "port/protocol.hpp"
#include "port/result.hpp"

namespace signaller::commands {

class Context;
struct Command;

struct PendingRequest {
  /// What is to be done once the answer is there, for a caller who is still there.
  using OnVerified = port::Result<port::Effects> (*)(Context&, const PendingRequest&,
                                                     const port::Verified&);
  using OnAnswer = port::Result<port::Effects> (*)(Context&, const PendingRequest&,
                                                   const port::QueryResult&);

  OnVerified on_verified = nullptr;
  OnAnswer on_query_result = nullptr;
  std::string about;  ///< /oper: the name; /stats: what is asked for

  // Filled in by DeferredReply::await.
  port::ConnectionId who;
  const Command* command = nullptr;
  std::string label;
};

}  // namespace signaller::commands
