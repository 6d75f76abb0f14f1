// Splits input into frames.
#pragma once

#include <cstddef>
#include <string_view>

#include "client_pool.hpp"
#include "websocket_frame.hpp"

namespace signaller::bench {

/// Calls `on_line(line)` for each text message, and handles control frames.
/// @return number of bytes used, as Sink::on_bytes
template <class OnLine>
std::size_t for_each_line(ClientPool& pool, Peer& peer, std::string_view bytes,
                          const OnLine& on_line) {
  std::size_t used = 0;
  while (const auto head = whole_frame(bytes.substr(used))) {
    const auto frame = bytes.substr(used, head->size());
    if (head->opcode == Opcode::Text) {
      on_line(frame.substr(head->header));
    } else {
      on_control(pool, peer, frame);
    }
    used += head->size();
  }
  return used;
}

}  // namespace signaller::bench
