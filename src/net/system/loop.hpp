// An event loop that works in turns.
#pragma once

#include <array>
#include <asio/io_context.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace signaller::net {

/// Histogram of the durations of turns. Written by one thread, read by any.
struct TurnTimes {
  static constexpr std::array<double, 9> Bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025,
                                                0.005,  0.01,    0.05,   0.25};  ///< seconds
  std::array<std::atomic<std::uint64_t>, Bounds.size() + 1> counts{};  ///< the last: longer ones
  std::atomic<std::uint64_t> nanoseconds{0};

  void add(std::chrono::nanoseconds time);
};

/// A turn waits for one event, and then handles ready events: until none is left, until 1,024 are
/// handled, or until 500 µs have passed. Then it does the end-of-turn work once, so batches grow
/// with the load. One thread runs the loop; others may only call stop() and post to its context.
class Loop {
 public:
  Loop() : context_(1) {}

  /// Runs until stop(). Passes exceptions of handlers to `on_error` and goes on.
  void run();
  void stop();
  /// Makes another turn follow this one, even without an event.
  void again();

  asio::io_context& context() { return context_; }

  /// std::function: called once a turn. Set before run().
  std::function<void()> on_turn_end;
  std::function<void(const char*)> on_error;
  /// Ends run(). Any thread.
  [[nodiscard]] const TurnTimes& turns() const { return turns_; }

 private:
  using Clock = std::chrono::steady_clock;
  void handle_ready(Clock::time_point started);

  asio::io_context context_;
  TurnTimes turns_;
};

}  // namespace signaller::net
