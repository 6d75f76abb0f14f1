// The clock of the benchmarks: monotonic nanoseconds.
#pragma once

#include <cstdint>
#include <ctime>

namespace signaller::bench {

inline std::int64_t clock_ns(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

inline std::int64_t now_ns() {
  return clock_ns(CLOCK_MONOTONIC);
}

constexpr std::int64_t ns(double seconds) {
  return static_cast<std::int64_t>(seconds * 1e9);
}
constexpr double seconds(std::int64_t ns) {
  return static_cast<double>(ns) / 1e9;
}

}  // namespace signaller::bench
