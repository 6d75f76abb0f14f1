// Replies that end later: long ones, in pieces, and those that wait for an answer of the edge.
#pragma once

#include <cstdint>

#include "commands/context/acknowledgement.hpp"
#include "commands/session/long_reply.hpp"
#include "commands/session/pending_request.hpp"

namespace signaller::commands {

class DeferredReply {
 public:
  /// Both must outlive this.
  DeferredReply(const Request& request, Acknowledgement& acknowledgement)
      : request_(request), ack_(acknowledgement) {}

  /// Adds a part to the long reply, behind those that were added before.
  void start(ReplyPart part);
  /// Sends the next piece of the long reply. The ACK follows the last one.
  /// @param ctx  the context of this request, for the steps of the parts
  void next_piece(Context& ctx, Effects& out);

  /// Lets the caller's next lines and the ACK wait for an answer of the edge.
  /// @returns the token for the Verify or Query that is added to the effects next
  std::uint64_t await(Effects& out, PendingRequest pending_request);

 private:
  bool fill_piece(Context& ctx, Effects& out);
  void hold_live_lines(Effects& out);

  const Request& request_;
  Acknowledgement& ack_;
};

}  // namespace signaller::commands
