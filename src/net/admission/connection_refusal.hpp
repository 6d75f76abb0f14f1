// Reasons to refuse a connection, and the close code or HTTP status of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace signaller::net {

struct ConnectionRefusal {
  enum class Reason : std::uint8_t {
    None,      ///< admitted
    Full,      ///< net.connections
    NoMemory,  ///< the process is at its watermark
    Banned,    ///< by a server operator
    TooMany,   ///< net.address_connections
    TooFast,   ///< net.address_connect_rate
    NoProxy,   ///< not a trusted proxy, on a listener with proxy = true
  };
  static constexpr std::size_t WhyCount = 7;

  Reason why = Reason::None;
  std::string text;          ///< one line: the limit and its key, or the ban's reason
  std::int64_t wait_ms = 0;  ///< until a new try may succeed; 0: not known

  [[nodiscard]] explicit operator bool() const { return why != Reason::None; }
};

/// The WebSocket close code: 3507 for a ban, else 3504.
std::uint16_t close_code_of(const ConnectionRefusal& refusal);
/// 403, 429 or 503.
int status_of(const ConnectionRefusal& refusal);
/// `Retry-After: 5` with its CRLF; nothing for a ban.
std::string retry_header_of(const ConnectionRefusal& refusal);
/// The whole response. It always has a body, since the request is not read.
std::string response_of(const ConnectionRefusal& refusal);

}  // namespace signaller::net
