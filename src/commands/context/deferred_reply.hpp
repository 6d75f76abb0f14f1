// Replies that end later: long replies in pieces, and replies that wait for an answer of the edge.
#pragma once

#include <cstdint>

#include "commands/context/acknowledgement.hpp"
#include "commands/session/long_reply.hpp"
#include "commands/session/pending_request.hpp"

namespace signaller::commands {

class DeferredReply {
 public:
  /// Both references must outlive this object.
  DeferredReply(const Request& request, Acknowledgement& acknowledgement)
      : request_(request), ack_(acknowledgement) {}

  /// Adds a part to the long reply, after the parts that were added before.
  void start(ReplyPart part);
  /// Sends the next piece of the long reply. The ACK follows the last piece.
  /// @param ctx  the context of this request; the steps of the parts receive it
  void next_piece(Context& ctx, Effects& out);

  /// Defers the caller's next lines and the ACK until the edge answers.
  /// @returns the token for the Verify or Query that the caller adds to the effects next
  std::uint64_t await(Effects& out, PendingRequest pending_request);

 private:
  bool fill_piece(Context& ctx, Effects& out);
  void hold_live_lines(Effects& out);

  const Request& request_;
  Acknowledgement& ack_;
};

}  // namespace signaller::commands
