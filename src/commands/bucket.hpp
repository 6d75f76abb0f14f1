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
    used_ = level(rate, now_ms);
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
  /// Whether it is as if nothing had ever been taken out of it.
  [[nodiscard]] bool is_idle(double rate, std::int64_t now_ms) const {
    return level(rate, now_ms) == 0;
  }
  /// What is taken out of it now.
  [[nodiscard]] double level(double rate, std::int64_t now_ms) const {
    return std::max(0.0, used_ - rate * static_cast<double>(now_ms - since_ms_) / 1000);
  }

 private:
  double used_ = 0;
  std::int64_t since_ms_ = 0;
};

}  // namespace signaller::commands
