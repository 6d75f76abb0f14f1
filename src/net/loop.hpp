// An event loop that works in turns.
#pragma once

#include <asio/io_context.hpp>
#include <functional>

namespace signaller::net {

/// A turn: wait for one event, then handle what is ready until nothing is, or 1,024 events or
/// 500 µs have passed; then the end-of-turn work, once: batches grow with the load by themselves.
/// One thread runs it; only post() on its context and stop() may be called from others.
class Loop {
 public:
  Loop() : context_(1) {}

  /// Runs until stop(). Exceptions of handlers are passed to `on_error`; the loop goes on.
  void run();
  void stop();
  /// Makes sure that another turn follows this one.
  void again();

  asio::io_context& context() { return context_; }

  /// std::function: called once a turn. Set before run().
  std::function<void()> on_turn_end;
  std::function<void(const char*)> on_error;

 private:
  void handle_ready();

  asio::io_context context_;
};

}  // namespace signaller::net
