// Publishes lines to their receivers, rendered once for each form that a receiver needs.
#pragma once

#include "commands/session/slash_state.hpp"
#include "irc/events.hpp"
#include "port/effects.hpp"

namespace signaller::commands {

/// The lane of lines about a channel.
port::Lane lane_of(const irc::Channel& channel);
/// The lane of the private lines that one connection sends.
port::Lane private_lane(port::ConnectionId sender);

/// Whether a channel is above the presence limit: it sends no presence of members without a rank.
bool is_big(const SlashState& slash, const irc::Channel& channel);

/// To the members of a channel except `except`, which is a live member or null. `seq`: of a
/// message.
void publish(SlashState& slash, port::Effects& out, const irc::Channel& channel, irc::Line line,
             port::FrameClass frame_class, const irc::Peer* except, std::uint64_t seq = 0);

/// Once to each peer that shares a channel with `about`, but not to `about` itself.
/// @param suppressed_in_big_channels  leaves out big channels in which `about` has no rank
void publish_shared(SlashState& slash, port::Effects& out, const irc::Peer& about, irc::Line line,
                    port::FrameClass frame_class, bool suppressed_in_big_channels);

/// To every described peer except `except`.
void publish_everybody(SlashState& slash, port::Effects& out, irc::Line line,
                       const irc::Peer* except);

/// One line to one peer, if it is live. `seq`: of a message in its inbox.
void tell_peer(SlashState& slash, port::Effects& out, const irc::Peer& peer, const irc::Line& line,
               port::FrameClass frame_class, port::Lane lane, std::uint64_t seq = 0);

/// Publishes the COUNT lines that are due.
void publish_counts(SlashState& slash, port::Effects& out, port::Instant now);

}  // namespace signaller::commands
