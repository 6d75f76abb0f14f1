// Holds live lines back during a long replay: no live line may come between the lines of a replay.
// If a replay takes several pieces, its reader is unsubscribed until the replay ends.
#pragma once

#include <cstdint>
#include <vector>

#include "commands/session/slash_state.hpp"
#include "irc/line.hpp"
#include "port/effects.hpp"
#include "port/ids.hpp"

namespace signaller::commands {

/// Subscribes the peer's connection to the topic, in the peer's form.
void subscribe(port::Effects& out, const irc::Peer& peer, port::TopicId topic);

/// Begins to hold the lines that are published to the channel.
void hold_lines(SlashState& slash, port::Effects& out, Session& session,
                const irc::Channel& channel);
/// Begins to hold private messages.
void hold_mail(Session& session);
/// Sends the held lines, and subscribes the reader again: the replay has ended.
void release_held_lines(SlashState& slash, port::Effects& out, Session& session);
/// Drops the held lines, because the session ends.
void drop_held_lines(SlashState& slash, Session& session);
/// Stops holding for a topic, because the reader has left the channel; the reader stays
/// unsubscribed.
void stop_holding(SlashState& slash, Session& session, port::TopicId topic);
/// Drops the held messages of a topic up to `seq`, because the replay will contain them.
void forget_held(SlashState& slash, Session& session, port::TopicId topic, std::uint64_t seq);

/// Holds a line that is published to `topics`, once for each reader for whom one of the topics is
/// held.
void hold_published(SlashState& slash, port::Effects& out, const std::vector<port::TopicId>& topics,
                    const irc::Line& line, std::uint64_t seq, port::FrameClass frame_class,
                    port::ConnectionId except);
/// Holds one line. Closes the session's connection if too many bytes are held; the client may
/// resume the session.
void hold_line(SlashState& slash, port::Effects& out, Session& session, HeldLine line);

}  // namespace signaller::commands
