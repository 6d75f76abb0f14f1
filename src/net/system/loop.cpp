#include "net/system/loop.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <chrono>
#include <ctime>

namespace signaller::net {
namespace {

constexpr int MostHandlers = 1024;
// number of handlers between two looks at the clock; one that accepts a connection takes 80 µs
constexpr int HandlersBetweenLooks = 4;
constexpr std::chrono::microseconds LongestTurn{500};

/// CPU time of this thread. Used instead of wall time for the first event of a turn, because
/// run_one() also waits for this event.
std::chrono::nanoseconds worked() {
  timespec time{};
  (void)::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

void TurnTimes::add(std::chrono::nanoseconds time) {
  const double seconds = std::chrono::duration<double>(time).count();
  std::size_t bucket = 0;
  while (bucket < Bounds.size() && seconds > Bounds[bucket]) ++bucket;
  // Only this thread writes, so a load and a store are enough.
  const auto add = [](auto& counter, std::int64_t value) {
    const auto before = counter.load(std::memory_order_relaxed);
    counter.store(before + static_cast<std::uint64_t>(value), std::memory_order_relaxed);
  };
  add(counts[bucket], 1);
  add(nanoseconds, time.count());
}

void Loop::run() {
  const auto work = asio::make_work_guard(context_);
  while (!context_.stopped()) {
    Clock::time_point started;
    bool stopped = false;
    guarded([&] {
      const auto before = worked();
      stopped = context_.run_one() == 0;
      if (stopped) return;
      started = Clock::now() - (worked() - before);
      handle_ready(started);
    });
    if (stopped) break;
    guarded([&] { on_turn_end(); });
    if (started != Clock::time_point()) turns_.add(Clock::now() - started);
  }
}

void Loop::handle_ready(Clock::time_point started) {
  for (int handled = 1; handled < MostHandlers; ++handled) {
    if (context_.poll_one() == 0) return;
    if (handled % HandlersBetweenLooks == 0 && Clock::now() - started > LongestTurn) return;
  }
}

void Loop::stop() {
  context_.stop();
}

void Loop::again() {
  asio::post(context_, [] {});
}

}  // namespace signaller::net
