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

/// One held line.
struct HeldLine {
  std::string text;
  port::FrameClass frame_class = port::FrameClass::Chat;
  port::Lane lane = 0;
  port::TopicId topic = port::TopicId::None;  ///< None: a private message
  std::uint64_t seq = 0;                      ///< message number; 0: the line is no message
};

/// The lines that are held for one reader.
struct HeldLines {
  std::vector<port::TopicId> topics;  ///< the reader is unsubscribed from these while lines wait
  std::vector<HeldLine> lines;
  std::size_t bytes = 0;
  bool mail = false;  ///< private messages are held, too
};

/// The readers with held lines, by topic.
struct HeldLinesIndex {
  std::unordered_map<port::TopicId, std::vector<port::ConnectionId>> readers;
  std::size_t bytes = 0;  ///< sum of the bytes for all readers
};

}  // namespace signaller::commands
