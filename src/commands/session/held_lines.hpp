// Lines that wait for the end of a replay. This header holds the data, hold_lines.hpp the
// functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "port/effects.hpp"
#include "port/ids.hpp"

namespace signaller::commands {

/// One line that waits.
struct HeldLine {
  std::string text;
  port::FrameClass frame_class = port::FrameClass::Chat;
  port::Lane lane = 0;
  port::TopicId topic = port::TopicId::None;  ///< None: a private line
  std::uint64_t seq = 0;                      ///< of the channel, or the inbox; 0: no message
};

/// The lines that wait for one reader.
struct HeldLines {
  std::vector<port::TopicId> topics;  ///< that the reader is not subscribed to meanwhile
  std::vector<HeldLine> lines;
  std::size_t bytes = 0;
  bool mail = false;  ///< private messages wait too
};

/// The readers for whom lines wait, by topic.
struct HeldLinesIndex {
  std::unordered_map<port::TopicId, std::vector<port::ConnectionId>> readers;
  std::size_t bytes = 0;  ///< of all readers
};

}  // namespace signaller::commands
