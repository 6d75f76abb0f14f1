// A token bucket: what keeps one connection from using the server up.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace signaller::commands {

class Bucket {
 public:
  /// Takes `cost` units at the time `now_ms` (steady) out of a bucket that holds `burst` and is
  /// filled by `rate` units a second; 0: no limit. Returns 0, or after how many milliseconds to
  /// try again; nothing is taken then. What costs more than `burst` costs `burst`.
  std::int64_t take(double cost, double rate, double burst, std::int64_t now_ms) {
    if (rate <= 0) return 0;
    const double refilled = rate * static_cast<double>(now_ms - since_ms_) / 1000;
    used_ = std::max(0.0, used_ - refilled);
    since_ms_ = now_ms;
    const double after = used_ + std::min(cost, burst);
    if (after > burst) {
      constexpr double Rounding = 1e-6;  // ms: what binary fractions add
      const double wait_ms = std::ceil((after - burst) / rate * 1000 - Rounding);
      constexpr double Day = 86'400'000;
      return static_cast<std::int64_t>(std::clamp(wait_ms, 1.0, Day));
    }
    used_ = after;
    return 0;
  }

 private:
  double used_ = 0;
  std::int64_t since_ms_ = 0;
};

}  // namespace signaller::commands
