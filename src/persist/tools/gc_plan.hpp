// Decides which stored data is unreachable and may be removed. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "persist/format/keys.hpp"
#include "persist/tools/keyspace.hpp"

namespace signaller::persist {

enum class GarbageKind : std::uint8_t {
  IndexEntry,  ///< a name that an index set lists, but no peer or channel has
  Peer,        ///< a peer that no index set lists, or that neither has a session nor is owned
  Channel,     ///< a channel that no index set lists
  Member,      ///< a member without a session
  Standings,   ///< standings of a channel that does not exist
  Rank,        ///< a rank kept for a peer that does not exist
  Expired,     ///< a mute, an invitation or a ban that has expired
  Log,         ///< log of a channel that does not exist
  Mail,        ///< mail of a peer without a session or an inbox
  Corrupt,     ///< unreadable data
};
constexpr std::size_t GarbageKinds = static_cast<std::size_t>(GarbageKind::Corrupt) + 1;

/// Heading for the text output, such as `index entries without a peer or channel`.
std::string_view garbage_text(GarbageKind kind);
/// Name in the JSON output, such as `listings`.
std::string_view garbage_name(GarbageKind kind);

struct Removal {
  GarbageKind kind = GarbageKind::Peer;
  std::string key;
  std::string part;  ///< field, entry id or set member, any bytes; empty: the whole key
  Argv command;
};

struct GcPlan {
  std::vector<Removal> removals;
  std::vector<Removal> unreadable;   ///< unreadable data that is kept
  std::vector<std::string> unknown;  ///< keys that this server never writes, any bytes
};

/// Plans the removals.
/// @param now_ms  Unix time, to decide what has expired
/// @param corrupt  also remove unreadable data, with everything that depends on it
GcPlan plan_gc(const Keyspace& keyspace, const Keys& keys, std::int64_t now_ms, bool corrupt);

/// The removals that are in both plans. While a server writes, related keys are read at different
/// times, so a single plan may contain false findings.
GcPlan intersect(const GcPlan& before, GcPlan now);

}  // namespace signaller::persist
