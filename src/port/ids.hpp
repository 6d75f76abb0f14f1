// What connections and topics are called where the layers meet. Values only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace signaller::port {

/// A connection, for ever: a slot may be used again, but never with the same generation.
/// `node` is 0 until there are several nodes; a default-made id names no connection.
struct ConnectionId {
  std::uint16_t node = 0;
  std::uint16_t shard = 0;
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;

  [[nodiscard]] bool valid() const { return generation != 0; }
  friend bool operator==(const ConnectionId& a, const ConnectionId& b) {
    return a.node == b.node && a.shard == b.shard && a.slot == b.slot &&
           a.generation == b.generation;
  }
  friend bool operator!=(const ConnectionId& a, const ConnectionId& b) { return !(a == b); }
};

/// Something that connections subscribe to: one for each channel, one for everybody.
/// The core gives the numbers out, small and dense; it may give one out again once everybody
/// has been unsubscribed from it. 0 names no topic.
enum class TopicId : std::uint32_t { None = 0 };

/// Frames of one lane never overtake each other in a backlogged outbox, whatever their classes.
/// A channel's lines and the lines about it share a lane, one peer's private lines to another
/// share one. Lane 0 is "everything else that is addressed to this connection alone".
using Lane = std::uint64_t;

}  // namespace signaller::port

template <>
struct std::hash<signaller::port::ConnectionId> {
  std::size_t operator()(const signaller::port::ConnectionId& id) const noexcept {
    const std::uint64_t place = (std::uint64_t{id.node} << 48U) ^ (std::uint64_t{id.shard} << 32U) ^
                                (std::uint64_t{id.generation} << 20U) ^ id.slot;
    return std::hash<std::uint64_t>{}(place * 0x9e3779b97f4a7c15ULL);
  }
};
