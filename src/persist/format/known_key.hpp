// Which key of a store is which: the way back from what Keys makes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace signaller::persist {

enum class KeyKind : std::uint8_t {
  Header,  ///< schema, key, lease, filled, sealed
  Bans,
  Audit,
  PeerIndex,
  ChannelIndex,
  Peer,
  Mail,
  Channel,
  Standing,
  Log,
};

struct KnownKey {
  KeyKind kind = KeyKind::Header;
  std::string_view name;  ///< a peer's id, a folded channel, the digits of an index
};

/// Nothing if it is not one that this server writes, as a key of another prefix that begins with
/// this one: ids are hex digits, channels begin with `#` and are folded. The result points into
/// `key`.
std::optional<KnownKey> parse_key(std::string_view prefix, std::string_view key);

}  // namespace signaller::persist
