// Parses what the server sends to an attacker: responses, refused lines, close codes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace signaller::bench {

/// Counts by numeric, FAIL code, HTTP status or close code.
using Counts = std::map<std::string, std::uint64_t>;

struct ParsedInput {
  std::size_t used = 0;   ///< number of parsed bytes; the rest is passed again with further input
  bool switched = false;  ///< the handshake succeeded
  std::string over;       ///< HTTP status or close code; empty: still open
};

/// Parses an HTTP response.
ParsedInput parse_response(std::string_view bytes);
/// Parses WebSocket frames; counts refused lines in `refused`.
ParsedInput parse_frames(std::string_view bytes, Counts& refused);

}  // namespace signaller::bench
