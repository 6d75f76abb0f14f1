// The store in the core thread: loading at the start, events of the store, the shutdown.
#include <asio/post.hpp>
#include <utility>

#include "net/core/core_thread.hpp"

namespace signaller::net {

void CoreThread::load(std::function<void(const std::string&)> done) {
  if (services_.store == nullptr) return done({});
  services_.store->on_problem = [this](const std::string& why) {
    if (on_store_problem) on_store_problem(why);
  };
  services_.store->on_event = [this](const port::StoreEvent& event) {
    asio::post(loop_.context(), [this, event] { loop_.guarded([&] { heed(event); }); });
  };
  services_.store->load([this, done = std::move(done)](port::Restored restored) {
    asio::post(loop_.context(), [this, done, restored = std::move(restored)]() mutable {
      if (!loop_.guarded([&] { take_restored(restored); }))
        restored.error = "the data of the store could not be loaded; the log line above says why";
      if (!restored.error.empty()) return done(restored.error);
      on_loaded_ = std::move(done);  // called after the store has confirmed the first batch
    });
  });
}

void CoreThread::take_restored(port::Restored& restored) {
  if (restored.error.empty() && services_.admit) restored.error = services_.admit();
  if (restored.error.empty()) {
    std::vector<std::string> left_out;
    for (std::size_t protocol = 0; protocol < protocols_.size(); ++protocol) {
      route(protocol, protocols_[protocol]->on_restored(restored.snapshot, left_out, now()));
    }
    for (const auto& line : left_out) restored.skipped.push_back(restored.prefix + line);
  }
  if (services_.restored) services_.restored(restored);
}

void CoreThread::heed(const port::StoreEvent& event) {
  for (std::size_t protocol = 0; protocol < protocols_.size(); ++protocol) {
    call_protocol(protocol, [&](port::Protocol& asked) { return asked.on_store(event, now()); });
  }
  if (services_.store_event) services_.store_event(event);
  if (event.kind == port::StoreEvent::Kind::Fenced && on_fenced) on_fenced(event.why);
}

void CoreThread::shutdown(std::chrono::milliseconds patience, std::function<void(bool)> done) {
  shut_down_ = true;
  for (std::size_t protocol = 0; protocol < protocols_.size(); ++protocol) {
    call_protocol(protocol, [](port::Protocol& asked) { return asked.on_shutdown(now()); });
  }
  on_left_ = std::move(done);
  patience_.expires_after(patience);
  patience_.async_wait([this](const std::error_code& error) {
    if (error) return;
    if (const auto left = std::exchange(on_left_, {})) left(false);
  });
}

/// Closes the store, once everything is stored or nothing more can be stored.
void CoreThread::leave_store() {
  patience_.cancel();
  if (services_.store == nullptr) return std::exchange(on_left_, {})(true);
  services_.store->close([this, left = std::exchange(on_left_, {})] {
    asio::post(loop_.context(), [left] { left(true); });
  });
}

}  // namespace signaller::net
