// A listening socket. Hands accepted sockets to a callback.
#pragma once

#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <string>

#include "net/core/options.hpp"
#include "net/core/statistics.hpp"
#include "net/http/routes.hpp"
#include "port/address.hpp"

namespace signaller::net {

/// Used on one thread. Does not set SO_REUSEPORT: a second process on the same address gets an
/// error.
class Acceptor {
 public:
  /// Receives a non-blocking socket, and the peer's address and port. The receiver owns the socket.
  using Taker = std::function<void(int descriptor, const port::AddressRange& peer,
                                   std::uint16_t port, const Routes&)>;

  /// Binds and listens.
  /// @param counts  must outlive the acceptor
  /// @throws std::runtime_error  names the address and the reason
  Acceptor(asio::io_context& context, const ListenOptions& options, Routes routes, Taker taker,
           AdmissionCounts& counts);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  void start();
  void close();
  [[nodiscard]] std::uint16_t port() const;
  /// The address that the listener is bound to: `127.0.0.1:3012`, `[::1]:3012`.
  [[nodiscard]] std::string name() const;

 private:
  void wait();
  void accept_waiting();
  bool accept_some();
  void shed_one();
  void pause();

  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer pause_timer_;
  Routes routes_;
  Taker taker_;
  AdmissionCounts& counts_;
  int reserve_;  ///< a spare descriptor, closed to accept one client when none is free
};

}  // namespace signaller::net
