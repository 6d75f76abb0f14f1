#include "app/signals.hpp"

#include <asio/post.hpp>
#include <csignal>
#include <utility>

namespace signaller {

Signals::Signals(Application& application)
    : application_(application),
      ends_(application.server().context(), SIGTERM, SIGINT, SIGQUIT),
      hangups_(application.server().context(), SIGHUP),
      user_signals_(application.server().context(), SIGUSR1, SIGUSR2) {
  await_end();
  await_hangup();
  await_user_signal();
}

void Signals::await_end() {
  ends_.async_wait([this](const std::error_code& error, int) {
    if (error) return;
    std::exchange(stopping_, true) ? application_.server().stop_at_once()
                                   : application_.server().stop();
    await_end();
  });
}

void Signals::await_hangup() {
  hangups_.async_wait([this](const std::error_code& error, int) {
    if (error) return;
    asio::post(application_.server().core_context(), [this] { application_.reload(); });
    await_hangup();
  });
}

void Signals::await_user_signal() {
  user_signals_.async_wait([this](const std::error_code& error, int number) {
    if (error) return;
    if (number == SIGUSR1) {
      asio::post(application_.server().core_context(), [this] { application_.reopen_logs(); });
    }
    await_user_signal();
  });
}

}  // namespace signaller
