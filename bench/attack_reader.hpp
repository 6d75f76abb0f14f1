// What the server has told an attacker: whether it may stay, what was refused, why it is over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace signaller::bench {

/// How often each was told: a numeric, a word such as RATE_LIMITED, an HTTP status, a close code.
using Counts = std::map<std::string, std::uint64_t>;

struct ParsedInput {
  std::size_t used = 0;   ///< bytes; what is left comes again with what follows
  bool switched = false;  ///< the handshake is done
  std::string over;       ///< HTTP status or close code; empty: it goes on
};

/// What answers a handshake, or instead of one.
ParsedInput parse_response(std::string_view bytes);
/// Frames of a WebSocket. Refused lines are counted in `refused`.
ParsedInput parse_frames(std::string_view bytes, Counts& refused);

}  // namespace signaller::bench
