#include "net/loop.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <chrono>
#include <exception>

namespace signaller::net {
namespace {

constexpr int MostHandlers = 1024;
constexpr int HandlersBetweenLooks = 16;
constexpr std::chrono::microseconds LongestTurn{500};

}  // namespace

void Loop::run() {
  const auto work = asio::make_work_guard(context_);
  while (!context_.stopped()) {
    try {
      if (context_.run_one() == 0) break;
      handle_ready();
    } catch (const std::exception& error) {
      if (on_error) on_error(error.what());
    }
    try {
      on_turn_end();
    } catch (const std::exception& error) {
      if (on_error) on_error(error.what());
    }
  }
}

void Loop::handle_ready() {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point started = Clock::now();
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
