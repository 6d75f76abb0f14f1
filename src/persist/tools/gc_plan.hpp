// What may go of what is stored, since nobody can reach it any more. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "persist/format/keys.hpp"
#include "persist/tools/keyspace.hpp"

namespace signaller::persist {

enum class Waste : std::uint8_t {
  Listing,    ///< a name in an index that has no peer or channel
  Peer,       ///< one that no index lists, or that is neither here nor owned
  Channel,    ///< one that no index lists
  Member,     ///< of a peer that is not here
  Standings,  ///< of a channel that does not exist
  Rank,       ///< kept for a peer that does not exist any more
  Expired,    ///< a mute, an invitation or a ban whose time is over
  Log,        ///< of a channel that does not exist
  Mail,       ///< of a peer that is not here or has no inbox
  Corrupt,    ///< what cannot be read
};
constexpr std::size_t Wastes = static_cast<std::size_t>(Waste::Corrupt) + 1;

/// For people: `listings without a peer or channel`.
std::string_view waste_text(Waste waste);
/// For programs: `listings`.
std::string_view waste_word(Waste waste);

struct Removal {
  Waste waste = Waste::Peer;
  std::string key;
  std::string part;  ///< a field, an entry or a name in it, any bytes; empty: the whole key
  Argv command;
};

struct GcPlan {
  std::vector<Removal> removals;
  std::vector<Removal> left;         ///< corrupt, and not to be removed
  std::vector<std::string> unknown;  ///< keys that are not ours, any bytes
};

/// @param corrupt  whether what cannot be read goes as well, and all that belongs to it alone
GcPlan plan_gc(const Keyspace& keyspace, const Keys& keys, std::int64_t now_ms, bool corrupt);

/// What is in both: beside a server that writes, what was read at different times may not fit.
GcPlan common(const GcPlan& before, GcPlan now);

}  // namespace signaller::persist
