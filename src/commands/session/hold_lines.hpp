// Holds live lines back while a long replay is under way: no live line may come between the lines
// of a replay. A reader whose replay takes several pieces is unsubscribed meanwhile.
#pragma once

#include <cstdint>
#include <vector>

#include "commands/session/slash_state.hpp"
#include "irc/line.hpp"
#include "port/effects.hpp"
#include "port/ids.hpp"

namespace signaller::commands {

/// Subscribes the peer's connection to the topic, in its form.
void subscribe(port::Effects& out, const irc::Peer& peer, port::TopicId topic);

/// Holds back the lines that are published to the channel from now on.
void hold_lines(SlashState& slash, port::Effects& out, Session& session,
                const irc::Channel& channel);
/// From here on private messages wait.
void hold_mail(Session& session);
/// Sends the lines that waited, and subscribes the reader again.
void release_held_lines(SlashState& slash, port::Effects& out, Session& session);
/// Drops the lines that wait: the session ends.
void drop_held_lines(SlashState& slash, Session& session);
/// Keeps the reader unsubscribed from the topic: it has left the channel.
void stop_holding(SlashState& slash, Session& session, port::TopicId topic);
/// Drops the messages of a topic up to `seq`, which the replay will hold.
void forget_held(SlashState& slash, Session& session, port::TopicId topic, std::uint64_t seq);

/// Holds a line that is published to `topics` for each reader that is held in one of them; once for
/// each reader.
void hold_published(SlashState& slash, port::Effects& out, const std::vector<port::TopicId>& topics,
                    const irc::Line& line, std::uint64_t seq, port::FrameClass frame_class,
                    port::ConnectionId except);
/// Holds one line. Above the limit it closes the reader, which may resume.
void hold_line(SlashState& slash, port::Effects& out, Session& session, HeldLine line);

}  // namespace signaller::commands
