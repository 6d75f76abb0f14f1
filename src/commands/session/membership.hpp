// Entering and leaving: what it does to subscriptions and counts, and who is told of an end.
#pragma once

#include <string>
#include <string_view>

#include "commands/session/hold_lines.hpp"
#include "commands/session/slash_state.hpp"
#include "port/effects.hpp"

namespace signaller::commands {

/// Whether a channel leaves out lines about this member of it: it is big, the peer has no rank.
bool is_suppressed(const SlashState& slash, const irc::Peer& peer, const irc::Channel& channel);
/// After a peer has entered a channel, or before it leaves: if that is hushed, the channel owes
/// its members a COUNT.
void note_count(SlashState& slash, const irc::Peer& peer, const irc::Channel& channel);

/// Takes a peer out of a channel, which may vanish. Says nothing to anybody. `for_good`: its rank
/// does not wait for its return.
void leave(SlashState& slash, port::Effects& out, irc::Peer& peer, irc::Channel& channel,
           bool for_good = false);

/// Ends a peer's session, live or suspended: one QUIT to each peer that shared a channel. Its
/// connection, if it has one, is nobody's then; closing it is the caller's.
void end_peer(SlashState& slash, port::Effects& out, irc::Peer& peer, std::string_view reason,
              port::Instant now);

/// Takes the peer off its connection, which the caller closes or which is closed. What it was
/// being told is forgotten. The peer is live, and must be seated, suspended or removed next.
void detach(SlashState& slash, port::Effects& out, irc::Peer& peer);

/// Whatever a connection was being sent or asked for is forgotten.
void forget_work(SlashState& slash, port::Effects& out, Session& session);

/// The connection of a live peer is lost: it is kept for a while if it is in a channel or has
/// mail, else its session ends.
void suspend_or_end(SlashState& slash, port::Effects& out, irc::Peer& peer, port::Instant now);

/// Closes a connection, described or not, for good: nothing more of it is heard. No harm if it is
/// about to close.
void end_session(SlashState& slash, port::Effects& out, Session& session, std::uint16_t code,
                 std::string_view close_reason, std::string_view quit_reason, port::Instant now);

/// `text`, or `text: reason` if there is one.
std::string with_reason(std::string_view text, std::string_view reason);

/// Closes a described connection for good, after the end of its peer's session. No harm if the
/// peer is suspended: then only the session ends.
void remove_peer(SlashState& slash, port::Effects& out, irc::Peer& peer, std::uint16_t code,
                 std::string_view close_reason, std::string_view quit_reason, port::Instant now);

}  // namespace signaller::commands
