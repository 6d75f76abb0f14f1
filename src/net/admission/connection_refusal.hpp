// Reasons to refuse a connection, and the close code or HTTP status of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace signaller::net {

struct ConnectionRefusal {
  enum class Reason : std::uint8_t {
    None,      ///< not refused
    Full,      ///< net.connections is reached
    NoMemory,  ///< resident memory is above the watermark
    Banned,    ///< banned by a server operator
    TooMany,   ///< net.address_connections is reached
    TooFast,   ///< net.address_connect_rate is reached
    NoProxy,   ///< the client is no trusted proxy, on a listener with proxy = true
  };
  static constexpr std::size_t ReasonCount = 7;

  Reason why = Reason::None;
  std::string text;          ///< one line: the limit and its key, or the reason of the ban
  std::int64_t wait_ms = 0;  ///< time until a new attempt may succeed; 0: unknown

  [[nodiscard]] explicit operator bool() const { return why != Reason::None; }
};

/// The WebSocket close code: 3507 for a ban, else 3504.
std::uint16_t close_code_of(const ConnectionRefusal& refusal);
/// The HTTP status: 403, 429 or 503.
int status_of(const ConnectionRefusal& refusal);
/// The line `Retry-After: <seconds>` with its CRLF; empty for a ban.
std::string retry_header_of(const ConnectionRefusal& refusal);
/// The whole response. It has a body even if the request is a HEAD: the request is not read.
/// @param unix_s  the time, Unix seconds, for `Date`
std::string response_of(const ConnectionRefusal& refusal, std::int64_t unix_s);

}  // namespace signaller::net
