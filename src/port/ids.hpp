// The names of connections, topics and lanes, as the core and the edge use them. Values only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace signaller::port {

/// Identifies one connection for ever: a slot may be used again, but never with the same
/// generation. `node` is the node that owns the connection, 0 by default. A default-constructed id
/// names no connection.
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

/// Names one HTTP request, or one WebSocket handshake, for ever: a connection may carry several
/// requests, one after the other.
struct RequestId {
  ConnectionId connection;
  std::uint32_t number = 0;  ///< counts the requests of the connection, from 1
};

/// A list of subscribers, such as those of a channel. port::TopicNumbers assigns the numbers, small
/// and dense. A number is assigned again when all its holders have given it back.
enum class TopicId : std::uint32_t { None = 0 };

/// Frames of one lane never overtake each other in a backlogged outbox, whatever their classes. A
/// channel's lines and the lines about the channel share a lane. The private lines of one peer to
/// another share a lane. Lane 0 is for all other lines that are addressed to this connection alone.
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
