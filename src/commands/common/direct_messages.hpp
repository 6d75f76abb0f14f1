// The member `dm` of /descp: from whom a peer accepts messages, signals and invitations.
#pragma once

#include "irc/peer.hpp"

namespace signaller::commands {

/// Whether the receiver's `dm` admits the sender. A peer always accepts its own messages. Blocks
/// are not considered: a blocked sender must not notice the block.
bool accepts_from(const irc::Peer& receiver, const irc::Peer& sender);

}  // namespace signaller::commands
