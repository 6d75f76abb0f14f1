// A one-shot timer. It never calls back after cancel() or destruction, even if it had already
// expired.
#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace signaller::persist {

/// Used on the thread of its context only.
class Timer {
 public:
  using Call = std::function<void()>;

  explicit Timer(asio::io_context& context) : timer_(context) {}

  /// Replaces the previous setting.
  void set(std::chrono::milliseconds delay, Call call) {
    pending_ = std::make_shared<Call>(std::move(call));
    timer_.expires_after(delay);
    timer_.async_wait([weak = std::weak_ptr<Call>(pending_)](const std::error_code& error) {
      const auto pending = weak.lock();
      if (!error && pending) (*pending)();
    });
  }
  void cancel() {
    pending_.reset();
    timer_.cancel();
  }

 private:
  asio::steady_timer timer_;
  std::shared_ptr<Call> pending_;
};

}  // namespace signaller::persist
