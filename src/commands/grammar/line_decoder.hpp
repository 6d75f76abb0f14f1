// Splits a client's line into its parts: `[@label=x ]/command arguments` (docs/protocol.rst,
// "Framing").
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace signaller::commands {

enum class LineError : std::uint8_t {
  None,
  BadLabel,    ///< the line begins with `@` but not with a well-formed label and a space
  NotCommand,  ///< the command does not begin with `/`
};

/// The parts of a line, as views into it.
struct DecodedLine {
  LineError error = LineError::None;
  std::string_view label;  ///< empty: no label
  /// The command name without `/`, or the first word if the line has no command.
  std::string_view name;
  std::size_t rest = 0;  ///< offset of the byte after the name
};

constexpr std::size_t MaxLabel = 64;

DecodedLine decode_line(std::string_view line);

/// Removes the first line from `text` and returns it: up to `\n`, without a `\r` before that.
std::string_view take_line(std::string_view& text);

}  // namespace signaller::commands
