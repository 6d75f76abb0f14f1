// A command that waits for an answer of the edge: a checked password, or the result of a query. The
// caller's next lines wait, too, so that replies keep the order of the lines.
#pragma once

#include <string>

#include "port/effects.hpp"
#include "port/protocol.hpp"
#include "port/result.hpp"

namespace signaller::commands {

class Context;
struct Command;

struct PendingRequest {
  /// Called with the answer, if the caller is still connected.
  using OnVerified = port::Result<port::Effects> (*)(Context&, const PendingRequest&,
                                                     const port::Verified&);
  using OnAnswer = port::Result<port::Effects> (*)(Context&, const PendingRequest&,
                                                   const port::QueryResult&);

  OnVerified on_verified = nullptr;
  OnAnswer on_query_result = nullptr;
  std::string about;  ///< /oper: the operator's name; /stats: the group

  // DeferredReply::await fills these in.
  port::ConnectionId who;
  const Command* command = nullptr;
  std::string label;
};

}  // namespace signaller::commands
