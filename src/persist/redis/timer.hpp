// A timer that never calls once it is cancelled or gone, also if its time was over before.
#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace signaller::persist {

/// Lives on the thread of its context.
class Timer {
 public:
  using Call = std::function<void()>;

  explicit Timer(asio::io_context& context) : timer_(context) {}

  /// Instead of what was set before.
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
