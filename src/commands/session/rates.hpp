// How often a connection may err.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace signaller::commands {

/// How often a connection was refused something within the last minute: those of this minute, and
/// as many of the one before as lie within (taken to be spread over it).
class ErrorRate {
 public:
  void add(std::int64_t now_ms);
  /// Whether the last one was one too many; `limit` 0: it never is.
  [[nodiscard]] bool reach(std::size_t limit) const;

 private:
  static constexpr std::int64_t WithinMs = 60'000;
  std::int64_t since_ms_ = 0;  ///< when this minute began
  std::int64_t last_ms_ = 0;
  std::size_t count_ = 0;   ///< in this minute
  std::size_t before_ = 0;  ///< in the one before
};

}  // namespace signaller::commands
