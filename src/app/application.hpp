// Builds the parts of the server from the configuration: protocols, store, services, network. The
// decisions of a protocol, of the network or of a store belong to their rooms, not here. The main
// thread builds the application; afterwards the core's thread calls it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/operations.hpp"
#include "app/protocols.hpp"
#include "app/secret_key.hpp"
#include "config/load.hpp"
#include "irc/world.hpp"
#include "log/log.hpp"
#include "net/server.hpp"
#include "port/keyed_hash.hpp"
#include "port/protocol.hpp"
#include "port/resources.hpp"

namespace signaller {

namespace persist {
class RedisStore;
}
class PasswordVerifier;

/// Everything that a running server owns, except the log.
class Application {
 public:
  /// @param sources  where a reload finds the configuration again
  /// @param loaded   the configuration at the start
  /// @param log      must outlive the application
  /// @throws std::runtime_error  says what is wrong with the secret key's file, or which address is
  /// in use
  Application(ConfigSources sources, LoadedConfig loaded, Log& log);
  ~Application();
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  net::Server& server() { return *server_; }
  /// The lines to print at the start: `listening on ws://127.0.0.1:3012` and so on.
  [[nodiscard]] std::vector<std::string> announcements() const;
  /// Reads the configuration again. Applies every change that can be applied, or nothing if the
  /// configuration is wrong. The `stats` of the result name the keys that need a restart, or the
  /// error. On the core's thread (server().core_context()); throws nothing.
  port::QueryResult reload();
  /// Opens the log files again, so that others may rename them. On the core's thread; throws
  /// nothing.
  void reopen_logs();

 private:
  [[nodiscard]] port::Metrics metrics(port::Instant now) const;
  [[nodiscard]] Operations::Info info(port::Instant now) const;
  void reload_certificate(const net::TlsFiles& files, std::vector<port::Stat>& stats);
  void make_key();
  std::string keep_key();
  void make_store();
  void log_store_event(const port::StoreEvent& event);
  net::Services services();
  void make_protocols();
  [[nodiscard]] port::Metric connections_metric() const;
  void verify(port::Verify question, std::function<void(port::Verified)> done);

  ConfigSources sources_;
  LoadedConfig loaded_;
  Log& log_;
  std::unique_ptr<port::Random> random_;
  std::string boot_;
  std::int64_t started_ms_ = 0;  ///< time of the start, steady clock
  std::unique_ptr<port::KeyedHash> hash_;
  port::TopicNumbers topics_;
  port::AddressCosts costs_;
  irc::World world_{topics_};
  std::unique_ptr<port::Store> store_;
  bool away_logged_ = false;
  std::optional<SecretKey> new_key_;      ///< a new key that is not written to its file yet
  persist::RedisStore* redis_ = nullptr;  ///< the store, if it is a Redis store
  std::unique_ptr<PasswordVerifier> verifier_;
  std::vector<MadeProtocol> protocols_;   ///< in the order of protocols.def
  std::vector<std::size_t> connections_;  ///< number of open connections of each protocol
  std::unique_ptr<net::Server> server_;
};

}  // namespace signaller
