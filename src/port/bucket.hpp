// A token bucket: bounds what one connection, or one address, may use of the server.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace signaller::port {

class TokenBucket {
 public:
  /// Takes units out of the bucket, if it has enough. A cost above `burst` counts as `burst`.
  /// @param rate    units a second that fill the bucket; 0: no limit
  /// @param burst   units that the bucket holds
  /// @param now_ms  steady clock
  /// @returns 0 if the units were taken; otherwise the time in ms until a next try may succeed
  std::int64_t take(double cost, double rate, double burst, std::int64_t now_ms) {
    if (rate <= 0) return 0;
    const std::int64_t wait = wait_ms(cost, rate, burst, now_ms);
    if (wait != 0) return wait;
    used_ = level(rate, now_ms) + std::min(cost, burst);
    since_ms_ = now_ms;
    return 0;
  }
  /// The value that `take` would return. Takes nothing.
  [[nodiscard]] std::int64_t wait_ms(double cost, double rate, double burst,
                                     std::int64_t now_ms) const {
    if (rate <= 0) return 0;
    const double after = level(rate, now_ms) + std::min(cost, burst);
    if (after <= burst) return 0;
    constexpr double Rounding = 1e-6;  // in ms: tolerance for rounding errors of binary fractions
    constexpr double Day = 86'400'000;
    const double wait = std::ceil((after - burst) / rate * 1000 - Rounding);
    return static_cast<std::int64_t>(std::clamp(wait, 1.0, Day));
  }
  /// Gives units back that were taken for a request that was then refused.
  void give_back(double units) { used_ = std::max(0.0, used_ - units); }
  /// Whether the bucket is full.
  [[nodiscard]] bool is_idle(double rate, std::int64_t now_ms) const {
    return rate <= 0 || level(rate, now_ms) == 0;
  }
  /// The number of units that were taken and are not refilled yet; 0: the bucket is full.
  [[nodiscard]] double level(double rate, std::int64_t now_ms) const {
    return std::max(0.0, used_ - rate * static_cast<double>(now_ms - since_ms_) / 1000);
  }

 private:
  double used_ = 0;
  std::int64_t since_ms_ = 0;
};

}  // namespace signaller::port
