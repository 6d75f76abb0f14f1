// A server that runs on a thread of its own: what the fixtures of servers share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "net/server.hpp"

namespace signaller::net {

/// The port at the end of an address such as `ws://127.0.0.1:3012`.
inline std::uint16_t port_at_end(const std::string& address) {
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

class ServerThread {
 public:
  ServerThread() = default;
  ServerThread(const ServerThread&) = delete;
  ServerThread& operator=(const ServerThread&) = delete;

 protected:
  ~ServerThread() { destroy(); }

  /// Opens the listeners. The server does nothing else before run_server().
  void make_server(const ServerOptions& options, std::vector<port::Protocol*> protocols,
                   const Services& services) {
    server_ = std::make_unique<Server>(options, std::move(protocols), services);
    port_ = port_of(0);
  }
  void run_server() {
    thread_ = std::thread([this] { server_->run(); });
  }
  /// The port of the listener with this index.
  [[nodiscard]] std::uint16_t port_of(std::size_t listener) const {
    return port_at_end(server_->addresses()[listener]);
  }
  /// Ends the server if it runs. Afterwards the test may read what its threads have written.
  void end() {
    if (!thread_.joinable()) return;
    server_->stop();
    thread_.join();
  }

  /// Ends and destroys the server. TearDown must call it: the server uses the protocols and the
  /// store, which are members of the fixture and so are destroyed before this object.
  void destroy() {
    end();
    server_.reset();
  }

  std::unique_ptr<Server> server_;
  std::uint16_t port_ = 0;  ///< port of the first listener
  std::thread thread_;
};

}  // namespace signaller::net
