// Parses key names: the inverse of Keys.
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
  std::string_view name;  ///< id of a peer, folded name of a channel, or digits of an index set
};

/// Parses a key. Returns nothing if this server never writes such a key, for example a key of
/// another prefix that begins with this one: ids are hex digits, channels begin with `#` and are
/// folded. The result points into `key`.
std::optional<KnownKey> parse_key(std::string_view prefix, std::string_view key);

}  // namespace signaller::persist
