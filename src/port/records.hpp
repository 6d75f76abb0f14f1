// What survives a restart, as plain values: the store knows nothing of channels and peers but
// these. Every record is the whole new state under its key, so writing one twice does no harm.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace signaller::port {

/// A peer, keyed by `id` (24 hex digits). Times are Unix milliseconds.
struct PeerRecord {
  std::string id;
  std::string nick;  ///< as shown; empty: none
  std::string name;
  std::string info;  ///< compact JSON object
  std::optional<std::string> away;
  std::int64_t created_ms = 0;
  std::int64_t updated_ms = 0;
};

/// A channel without its members, keyed by `name` folded.
struct ChannelRecord {
  std::string name;  ///< as first written, with its `#`
  std::string topic;
  std::string creator;  ///< a peer id
  std::string epoch;
  std::uint64_t seq = 0;
  std::int64_t created_ms = 0;
  std::int64_t updated_ms = 0;
};

/// Who is in which channel: stored once, under the channel.
struct MemberRecord {
  std::string channel;  ///< folded
  std::string peer;
  std::string rank;  ///< "", "+" or "@"
};

struct PeerGone {
  std::string id;
};
struct ChannelGone {  ///< and all its members
  std::string channel;
};
struct MemberGone {
  std::string channel;
  std::string peer;
};

using Record =
    std::variant<PeerRecord, ChannelRecord, MemberRecord, PeerGone, ChannelGone, MemberGone>;

/// Everything that a store holds, as it is loaded at start.
struct Snapshot {
  std::vector<PeerRecord> peers;
  std::vector<ChannelRecord> channels;
  std::vector<MemberRecord> members;
};

}  // namespace signaller::port
