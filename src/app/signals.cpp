#include "app/signals.hpp"

#include <asio/post.hpp>
#include <csignal>
#include <utility>

namespace signaller {

Signals::Signals(Application& wiring)
    : wiring_(wiring),
      ends_(wiring.server().context(), SIGTERM, SIGINT),
      hangups_(wiring.server().context(), SIGHUP) {
  await_end();
  await_hangup();
}

void Signals::await_end() {
  ends_.async_wait([this](const std::error_code& error, int) {
    if (error) return;
    std::exchange(stopping_, true) ? wiring_.server().stop_at_once() : wiring_.server().stop();
    await_end();
  });
}

void Signals::await_hangup() {
  hangups_.async_wait([this](const std::error_code& error, int) {
    if (error) return;
    asio::post(wiring_.server().core_context(), [this] { wiring_.reload(); });
    await_hangup();
  });
}

}  // namespace signaller
