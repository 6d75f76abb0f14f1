// The parts put together: configuration → protocols, store, services → server.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config.hpp"
#include "net/server.hpp"
#include "port/keyed_hash.hpp"
#include "port/protocol.hpp"

namespace signaller {

class Verifier;

/// Everything that a running server owns.
class Wiring {
 public:
  /// @throws std::runtime_error  what is wrong with the configuration, or which address is taken
  explicit Wiring(const Config& config);
  ~Wiring();
  Wiring(const Wiring&) = delete;
  Wiring& operator=(const Wiring&) = delete;

  net::Server& server() { return *server_; }
  /// What is ready to be pasted: `listening on ws://127.0.0.1:3012` and so on, a line each.
  [[nodiscard]] std::vector<std::string> announcements() const;

 private:
  std::unique_ptr<port::Random> random_;
  std::unique_ptr<port::KeyedHash> hash_;
  std::unique_ptr<port::Store> store_;
  std::unique_ptr<Verifier> verifier_;
  std::vector<std::unique_ptr<port::Protocol>> protocols_;
  std::unique_ptr<net::Server> server_;
  bool operations_ = false;
};

/// The server's addresses as it will be told them: `listen` with its paths, and `operations`.
net::ServerOptions server_options(const Config& config);

}  // namespace signaller
