// The signals that a running server handles.
#pragma once

#include <asio/signal_set.hpp>

#include "app/application.hpp"

namespace signaller {

/// SIGTERM, SIGINT and SIGQUIT stop the server; a second signal stops it at once. SIGHUP reloads
/// the configuration. SIGUSR1 opens the log files again; SIGUSR2 does nothing. The signals are
/// handled as long as this object exists; `application` must outlive it.
class Signals {
 public:
  explicit Signals(Application& application);

 private:
  void await_end();
  void await_hangup();
  void await_user_signal();

  Application& application_;
  asio::signal_set ends_;
  asio::signal_set hangups_;
  asio::signal_set user_signals_;
  bool stopping_ = false;
};

}  // namespace signaller
