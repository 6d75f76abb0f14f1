// Warnings about stored data that was left out, as log lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::persist {

/// Makes text safe for a log: printable ASCII is unchanged, `\` and all other bytes become `\xNN`.
/// Cut after 200 bytes. Anybody may have written the data in Redis.
std::string printable(std::string_view raw);

/// A bounded list of warnings about keys. Warnings above the bound are only counted.
class LoadWarnings {
 public:
  static constexpr std::size_t MaxLines = 1'000;

  /// @param why  a text of this server, not a text from Redis
  void add(std::string_view key, std::string_view why);
  /// Returns all lines; the last line tells how many more there were. Clears the list.
  std::vector<std::string> take();

 private:
  std::vector<std::string> lines_;
  std::size_t dropped_ = 0;
};

}  // namespace signaller::persist
