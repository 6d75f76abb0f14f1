// A token bucket: what keeps one connection, or one address, from using the server up.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace signaller::port {

class TokenBucket {
 public:
  /// Takes `cost` units at the time `now_ms` (steady) out of a bucket that holds `burst` and is
  /// filled by `rate` units a second; 0: no limit. Returns 0, or after how many milliseconds to
  /// try again; nothing is taken then. What costs more than `burst` costs `burst`.
  std::int64_t take(double cost, double rate, double burst, std::int64_t now_ms) {
    if (rate <= 0) return 0;
    const std::int64_t wait = wait_ms(cost, rate, burst, now_ms);
    if (wait != 0) return wait;
    used_ = level(rate, now_ms) + std::min(cost, burst);
    since_ms_ = now_ms;
    return 0;
  }
  /// What `take` would return; nothing is taken.
  [[nodiscard]] std::int64_t wait_ms(double cost, double rate, double burst,
                                     std::int64_t now_ms) const {
    if (rate <= 0) return 0;
    const double after = level(rate, now_ms) + std::min(cost, burst);
    if (after <= burst) return 0;
    constexpr double Rounding = 1e-6;  // ms: what binary fractions add
    constexpr double Day = 86'400'000;
    const double wait = std::ceil((after - burst) / rate * 1000 - Rounding);
    return static_cast<std::int64_t>(std::clamp(wait, 1.0, Day));
  }
  /// Puts back what was taken for nothing.
  void give_back(double units) { used_ = std::max(0.0, used_ - units); }
  /// Whether it is as if nothing had ever been taken out of it.
  [[nodiscard]] bool is_idle(double rate, std::int64_t now_ms) const {
    return rate <= 0 || level(rate, now_ms) == 0;
  }
  /// What is taken out of it now.
  [[nodiscard]] double level(double rate, std::int64_t now_ms) const {
    return std::max(0.0, used_ - rate * static_cast<double>(now_ms - since_ms_) / 1000);
  }

 private:
  double used_ = 0;
  std::int64_t since_ms_ = 0;
};

}  // namespace signaller::port
