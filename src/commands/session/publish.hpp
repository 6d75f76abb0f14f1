// Tells events to those whom they concern: rendered once for each form that somebody needs.
#pragma once

#include "commands/session/slash_state.hpp"
#include "irc/events.hpp"
#include "port/effects.hpp"

namespace signaller::commands {

/// The lane of what is about a channel.
port::Lane lane_of(const irc::Channel& channel);
/// The lane of what one connection tells peers privately.
port::Lane private_lane(port::ConnectionId sender);

/// A channel above the presence limit does not tell what peers without a rank do.
bool is_big(const SlashState& slash, const irc::Channel& channel);

/// To the members of a channel, but `except`, a live member or null. `seq`: of a message.
void publish(SlashState& slash, port::Effects& out, const irc::Channel& channel, irc::Line line,
             port::FrameClass frame_class, const irc::Peer* except, std::uint64_t seq = 0);

/// Once to each peer that shares a channel with `about`, but not to `about`. With `hushed`
/// without the big channels in which it has no rank.
void publish_shared(SlashState& slash, port::Effects& out, const irc::Peer& about, irc::Line line,
                    port::FrameClass frame_class, bool suppressed_in_big_channels);

/// To every described peer but `except`.
void publish_everybody(SlashState& slash, port::Effects& out, irc::Line line,
                       const irc::Peer* except);

/// One line to one peer, if it is live. `seq`: of a message in its inbox.
void tell_peer(SlashState& slash, port::Effects& out, const irc::Peer& peer, const irc::Line& line,
               port::FrameClass frame_class, port::Lane lane, std::uint64_t seq = 0);

/// The COUNT lines that are due.
void publish_counts(SlashState& slash, port::Effects& out, port::Instant now);

}  // namespace signaller::commands
