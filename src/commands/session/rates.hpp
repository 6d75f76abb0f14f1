// Counts the errors of a connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace signaller::commands {

/// Estimates the number of refusals of a connection within the last minute, from the counts of this
/// minute and of the minute before. It assumes that the earlier refusals were spread evenly.
class ErrorRate {
 public:
  void add(std::int64_t now_ms);
  /// Whether the rate has reached the limit. `limit` 0: never reached.
  [[nodiscard]] bool reach(std::size_t limit) const;

 private:
  static constexpr std::int64_t WithinMs = 60'000;
  std::int64_t since_ms_ = 0;  ///< beginning of the present minute
  std::int64_t last_ms_ = 0;
  std::size_t count_ = 0;   ///< refusals in the present minute
  std::size_t before_ = 0;  ///< refusals in the minute before
};

}  // namespace signaller::commands
