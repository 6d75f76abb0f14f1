// What has come in, line by line.
#pragma once

#include <cstddef>
#include <string_view>

#include "pool.hpp"
#include "wire.hpp"

namespace signaller::bench {

/// Calls `heard(line)` for each text message of a session, and deals with control frames.
/// @return how many bytes of it were used, as Sink::on_bytes does
template <class BarrierReached>
std::size_t hear(Pool& pool, Peer& peer, std::string_view bytes, const BarrierReached& heard) {
  std::size_t used = 0;
  while (const auto head = whole_frame(bytes.substr(used))) {
    const auto frame = bytes.substr(used, head->size());
    if (head->opcode == Opcode::Text) {
      heard(frame.substr(head->header));
    } else {
      on_control(pool, peer, frame);
    }
    used += head->size();
  }
  return used;
}

}  // namespace signaller::bench
