// Warnings about stored data that was left out, as log lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::persist {

/// Makes text fit for a log: printable ASCII stays, `\` and all other bytes become `\xNN`.
/// Truncated to 200 bytes. Data from Redis may come from anybody.
std::string printable(std::string_view raw);

/// A bounded list of warnings about keys. Counts those above the bound.
class LoadWarnings {
 public:
  static constexpr std::size_t MaxLines = 1'000;

  /// @param why  text of this server, not of Redis
  void add(std::string_view key, std::string_view why);
  /// Returns all lines, and as last line how many were dropped. Clears the list.
  std::vector<std::string> take();

 private:
  std::vector<std::string> lines_;
  std::size_t dropped_ = 0;
};

}  // namespace signaller::persist
