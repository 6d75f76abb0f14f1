// Sends lines to several receivers, rendered once for each form that a receiver uses.
#pragma once

#include "commands/session/slash_state.hpp"
#include "irc/events.hpp"
#include "port/effects.hpp"

namespace signaller::commands {

/// The lane of lines about a channel.
port::Lane lane_of(const irc::Channel& channel);
/// The lane of all private lines that one connection sends.
port::Lane private_lane(port::ConnectionId sender);

/// Whether a channel is above the presence limit: it sends no presence lines about members without
/// a rank.
bool is_big(const SlashState& slash, const irc::Channel& channel);

/// Sends a line to the members of a channel except `except`, which is a live member or null. `seq`:
/// message number; 0: not a message.
void publish(SlashState& slash, port::Effects& out, const irc::Channel& channel, irc::Line line,
             port::FrameClass frame_class, const irc::Peer* except, std::uint64_t seq = 0);

/// Sends a line once to each peer that shares a channel with `about`, but not to `about` itself.
/// @param suppressed_in_big_channels  leaves out big channels in which `about` has no rank
void publish_shared(SlashState& slash, port::Effects& out, const irc::Peer& about, irc::Line line,
                    port::FrameClass frame_class, bool suppressed_in_big_channels);

/// Sends a line to every described peer except `except`.
void publish_everybody(SlashState& slash, port::Effects& out, irc::Line line,
                       const irc::Peer* except);

/// Sends one line to one peer, if the peer is live. `seq`: number of a message in its inbox; 0: not
/// a message.
void tell_peer(SlashState& slash, port::Effects& out, const irc::Peer& peer, const irc::Line& line,
               port::FrameClass frame_class, port::Lane lane, std::uint64_t seq = 0);

/// Publishes the COUNT lines that are due.
void publish_counts(SlashState& slash, port::Effects& out, port::Instant now);

}  // namespace signaller::commands
