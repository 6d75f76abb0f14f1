// Time and randomness: the pure layers get both as arguments.
#pragma once

#include <cstdint>

namespace signaller::port {

/// One reading of both clocks.
struct Instant {
  std::int64_t unix_ms = 0;  ///< wall clock, Unix milliseconds: shown to people and stored
  /// monotonic clock for deadlines, milliseconds since any fixed point
  std::int64_t steady_ms = 0;
};

/// Unpredictable bits. Virtual because tests need predictable ones.
class Random {
 public:
  Random() = default;
  Random(const Random&) = delete;
  Random& operator=(const Random&) = delete;
  virtual ~Random() = default;
  /// The next 64 bits; cryptographically strong in the server.
  virtual std::uint64_t next() = 0;
};

}  // namespace signaller::port
