// The base of the edge lives in this folder: event loops, memory and TLS. Nothing here may know
// connections, HTTP or protocols. An object belongs to one thread unless it says otherwise.
// This header is an event loop that works in turns.
#pragma once

#include <array>
#include <asio/io_context.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>

namespace signaller::net {

/// A histogram of the durations of turns. One thread writes it; any thread may read it.
struct TurnTimes {
  /// Upper bounds in seconds.
  static constexpr std::array<double, 9> Bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025,
                                                0.005,  0.01,    0.05,   0.25};
  /// The number of turns for each bound; the last counter counts longer turns.
  std::array<std::atomic<std::uint64_t>, Bounds.size() + 1> counts{};
  std::atomic<std::uint64_t> nanoseconds{0};

  void add(std::chrono::nanoseconds time);
};

/// A turn waits for one event, and then handles ready events: until none is left, until 1,024 are
/// handled, or until 500 µs have passed. Then it does the end-of-turn work once, so that batches
/// grow with the load. One thread runs the loop; other threads may only call stop() and post to its
/// context.
class Loop {
 public:
  Loop() : context_(1) {}

  /// Runs until stop(). Passes exceptions of handlers to `on_error` and continues.
  void run();
  void stop();
  /// Makes another turn follow, even without an event.
  void again();

  /// Calls `action`. Passes an exception of the action to `on_error`, so that the caller continues.
  /// @returns whether `action` has ended without an exception
  template <class Action>
  bool guarded(const Action& action) {
    try {
      action();
      return true;
    } catch (const std::exception& error) {
      if (on_error) on_error(error.what());
      return false;
    }
  }

  asio::io_context& context() { return context_; }

  /// Called at the end of each turn. May be a std::function, because it is called only once a turn.
  /// Set it before run().
  std::function<void()> on_turn_end;
  std::function<void(const char*)> on_error;
  /// The durations of turns. Any thread.
  [[nodiscard]] const TurnTimes& turns() const { return turns_; }

 private:
  using Clock = std::chrono::steady_clock;
  void handle_ready(Clock::time_point started);

  asio::io_context context_;
  TurnTimes turns_;
};

}  // namespace signaller::net
