// The tables of the world, which World, Mailboxes, ChannelLogs and ChangeLog share.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "irc/channel.hpp"
#include "irc/identities.hpp"
#include "irc/limits.hpp"
#include "irc/peer.hpp"
#include "irc/server_bans.hpp"
#include "irc/text/object_id.hpp"

namespace signaller::irc {

struct WorldTables {
  /// Ordered by id, so that all ids with a prefix are in one range.
  using Peers = std::map<PeerId, Peer>;
  /// Ordered by folded name, for lists.
  using Channels = std::map<std::string, Channel, std::less<>>;

  explicit WorldTables(const WorldLimits& world_limits) : limits(world_limits) {}

  Peers peers;
  Channels channels;
  Identities identities;
  ServerBans server_bans;
  WorldLimits limits;
};

}  // namespace signaller::irc
