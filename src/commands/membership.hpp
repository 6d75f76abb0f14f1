// Entering and leaving: what it does to subscriptions and counts, and who is told of an end.
#pragma once

#include <string_view>

#include "commands/core.hpp"
#include "port/effects.hpp"

namespace signaller::commands {

/// From here on the peer gets what is published to the topic, in its form.
void subscribe(port::Effects& out, const irc::Peer& peer, port::TopicId topic);

/// After a peer has entered a channel or left it: a big one owes a COUNT.
void note_count(Core& core, const irc::Channel& channel);

/// Takes a peer out of a channel, which may vanish. Says nothing to anybody.
void leave(Core& core, port::Effects& out, irc::Peer& peer, irc::Channel& channel);

/// Ends a described session: one QUIT to each peer that shared a channel, then it is nobody's.
/// With `unsubscribe` the connection still lives.
void end_peer(Core& core, port::Effects& out, Session& session, std::string_view reason,
              bool unsubscribe, port::Instant now);

}  // namespace signaller::commands
