// Takes a client's line apart: `[@label=x ]/command arguments` (docs/protocol.rst, "Framing").
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace signaller::commands {

enum class LineError : std::uint8_t {
  None,
  BadLabel,    ///< it begins with `@` but not with a well-formed label and a space
  NotCommand,  ///< no `/` where the command should begin
};

/// Views into the line.
struct DecodedLine {
  LineError error = LineError::None;
  std::string_view label;  ///< empty: none
  std::string_view name;   ///< without `/`; of a line that is no command, its first word
  std::size_t rest = 0;    ///< offset of the byte behind the name
};

constexpr std::size_t MaxLabel = 64;

DecodedLine decode_line(std::string_view line);

/// Takes the first line off `text`: up to `\n`, without a `\r` before it.
std::string_view take_line(std::string_view& text);

}  // namespace signaller::commands
