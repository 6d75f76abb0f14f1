// Why somebody may not come, and how each is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace signaller::net {

struct ConnectionRefusal {
  enum class Reason : std::uint8_t {
    None,      ///< it may come
    Full,      ///< net.connections
    NoMemory,  ///< the process is at its watermark
    Banned,    ///< by a server operator
    TooMany,   ///< net.address_connections
    TooFast,   ///< net.address_connect_rate
    NoProxy,   ///< not a trusted proxy, where only such may connect
  };
  static constexpr std::size_t WhyCount = 7;

  Reason why = Reason::None;
  std::string text;          ///< one line for people: the limit, its key; a ban's reason
  std::int64_t wait_ms = 0;  ///< after how long a new try may succeed; 0: not known

  [[nodiscard]] explicit operator bool() const { return why != Reason::None; }
};

/// The close code of a WebSocket connection: 3507 for who is banned, else 3504.
std::uint16_t close_code_of(const ConnectionRefusal& refusal);
/// 403, 429 or 503.
int status_of(const ConnectionRefusal& refusal);
/// `Retry-After: 5` with its CRLF, or nothing: a ban is not waited for.
std::string retry_header_of(const ConnectionRefusal& refusal);
/// The whole response, with a body whatever was asked, for who is not even read.
std::string response_of(const ConnectionRefusal& refusal);

}  // namespace signaller::net
