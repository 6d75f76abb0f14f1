// Entering and leaving: what it does to subscriptions and counts, and who is told of an end.
#pragma once

#include <string_view>

#include "commands/core.hpp"
#include "port/effects.hpp"

namespace signaller::commands {

/// From here on the peer gets what is published to the topic, in its form.
void subscribe(port::Effects& out, const irc::Peer& peer, port::TopicId topic);

/// Whether a channel leaves out lines about this member of it: it is big, the peer has no rank.
bool is_hushed(const Core& core, const irc::Peer& peer, const irc::Channel& channel);
/// After a peer has entered a channel, or before it leaves: if that is hushed, the channel owes
/// its members a COUNT.
void note_count(Core& core, const irc::Peer& peer, const irc::Channel& channel);

/// Takes a peer out of a channel, which may vanish. Says nothing to anybody.
void leave(port::Effects& out, irc::World& world, irc::Peer& peer, irc::Channel& channel);

/// Ends a described session: one QUIT to each peer that shared a channel, then it is nobody's.
/// With `unsubscribe` the connection still lives.
void end_peer(Core& core, port::Effects& out, Session& session, std::string_view reason,
              bool unsubscribe, port::Instant now);

}  // namespace signaller::commands
