// Live lines never come between the lines of a replay: those of a reader whose replay takes
// several pieces wait here until its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "irc/line.hpp"
#include "port/effects.hpp"
#include "port/ids.hpp"

namespace signaller::irc {
class Channel;
class Peer;
}  // namespace signaller::irc

namespace signaller::commands {

struct SlashState;
struct Session;

/// What waits for one reader.
struct HeldLines {
  struct RegistrationDeadlines {
    std::string line;
    port::FrameClass frame_class = port::FrameClass::Chat;
    port::Lane lane = 0;
    port::TopicId topic = port::TopicId::None;  ///< None: told privately
    std::uint64_t seq = 0;                      ///< of the channel, or the inbox; 0: no message
  };
  std::vector<port::TopicId> topics;  ///< that it is not subscribed to meanwhile
  std::vector<RegistrationDeadlines> lines;
  std::size_t bytes = 0;
  bool mail = false;  ///< private messages wait too
};

/// Who has a gap in which topic.
struct HeldLinesIndex {
  std::unordered_map<port::TopicId, std::vector<port::ConnectionId>> readers;
  std::size_t bytes = 0;  ///< of all
};

/// From here on what is published to the channel waits.
void hold_lines(SlashState& slash, port::Effects& out, Session& session,
                const irc::Channel& channel);
/// From here on private messages wait.
void hold_mail(Session& session);
/// What waited is sent, and the reader is subscribed again.
void release_held_lines(SlashState& slash, port::Effects& out, Session& session);
/// Forgets what waited: the session ends.
void drop_held_lines(SlashState& slash, Session& session);
/// The reader is no longer in the channel: it is not to be subscribed again.
void stop_holding(SlashState& slash, Session& session, port::TopicId topic);
/// The messages of a topic up to `seq` will be replayed.
void forget_held(SlashState& slash, Session& session, port::TopicId topic, std::uint64_t seq);

/// What is published to `topics` waits for who has a gap in one of them; once for each of them.
void hold_published(SlashState& slash, port::Effects& out, const std::vector<port::TopicId>& topics,
                    const irc::Line& line, std::uint64_t seq, port::FrameClass frame_class,
                    port::ConnectionId except);
/// Adds one line. A reader that lets too much pile up is closed, and may resume.
void hold_line(SlashState& slash, port::Effects& out, Session& session,
               HeldLines::RegistrationDeadlines waiting);

}  // namespace signaller::commands
