// A line from the server, split into its parts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::tests {

struct ReceivedLine {
  std::string label;
  std::uint64_t seq = 0;  ///< message number in the tags; 0: none
  std::string nick;       ///< nick in the source; empty: none
  std::string source;     ///< a peer's id, or the server's name
  std::string verb;
  std::vector<std::string> params;  ///< all parameters, with the trailing one

  /// Returns an empty text if the line has fewer parameters.
  [[nodiscard]] const std::string& param(std::size_t i) const {
    static const std::string none;
    return i < params.size() ? params[i] : none;
  }
};

ReceivedLine take_apart(std::string_view line);

/// The value of a string member of compact JSON that the server wrote; empty: null, or no such
/// member.
std::string json_text(std::string_view json, std::string_view member);
/// The position `<epoch>:<seq>`.
struct ReceivedPosition {
  std::string epoch;
  std::uint64_t seq = 0;
};
ReceivedPosition read_position(std::string_view text);

}  // namespace signaller::tests
