// Joining and leaving channels and the server, with subscriptions, counts and QUIT lines.
#pragma once

#include <string>
#include <string_view>

#include "commands/session/hold_lines.hpp"
#include "commands/session/slash_state.hpp"
#include "port/effects.hpp"

namespace signaller::commands {

/// Whether a channel sends no lines about this member: it is big, and the member has no rank.
bool is_suppressed(const SlashState& slash, const irc::Peer& peer, const irc::Channel& channel);
/// Call after a peer has joined a channel, or before it leaves. If lines about the peer are
/// suppressed, the channel will send a COUNT.
void note_count(SlashState& slash, const irc::Peer& peer, const irc::Channel& channel);

/// Removes a peer from a channel, which may delete the channel. Sends no line.
/// @param for_good  the channel does not keep the peer's rank
void leave(SlashState& slash, port::Effects& out, irc::Peer& peer, irc::Channel& channel,
           bool for_good = false);

/// Ends a peer's session, live or suspended. Each peer that shared a channel with it gets one QUIT.
/// The caller closes the connection, if there is one.
void end_peer(SlashState& slash, port::Effects& out, irc::Peer& peer, std::string_view reason,
              port::Instant now);

/// Detaches a live peer from its connection. The caller closes the connection, if it is not closed
/// yet. Drops the replies under way. The peer must be attached, suspended or removed next.
void detach(SlashState& slash, port::Effects& out, irc::Peer& peer);

/// Drops the replies under way, the pending request and the deferred lines of a connection.
void forget_work(SlashState& slash, port::Effects& out, Session& session);

/// The connection of a live peer is lost. Suspends the peer if it is in a channel or has mail;
/// otherwise ends its session.
void suspend_or_end(SlashState& slash, port::Effects& out, irc::Peer& peer, port::Instant now);

/// Closes a connection, described or not, and ignores its further lines. Does nothing if the
/// connection is already closing.
void end_session(SlashState& slash, port::Effects& out, Session& session, std::uint16_t code,
                 std::string_view close_reason, std::string_view quit_reason, port::Instant now);

/// Returns `text`, or `text: reason` if the reason is not empty.
std::string with_reason(std::string_view text, std::string_view reason);

/// Ends a peer's session and closes its connection. If the peer is suspended, only the session
/// ends.
void remove_peer(SlashState& slash, port::Effects& out, irc::Peer& peer, std::uint16_t code,
                 std::string_view close_reason, std::string_view quit_reason, port::Instant now);

}  // namespace signaller::commands
