// The parts put together: configuration → protocols, store, services → server.
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

/// Everything that a running server owns, but for the log.
class Application {
 public:
  /// @param sources  where a reload finds the configuration again
  /// @param loaded   what they said at the start
  /// @param log      must outlive it
  /// @throws std::runtime_error  what is wrong with the key, or which address is taken
  Application(ConfigSources sources, LoadedConfig loaded, Log& log);
  ~Application();
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  net::Server& server() { return *server_; }
  /// What is ready to be pasted: `listening on ws://127.0.0.1:3012` and so on, a line each.
  [[nodiscard]] std::vector<std::string> announcements() const;
  /// Reads the configuration anew and applies what can be applied: all of it, or nothing if it is
  /// wrong. The facts say what needs a restart, or what is wrong. On the core's thread
  /// (server().core_context()); throws nothing.
  port::QueryResult reload();

 private:
  [[nodiscard]] port::Metrics metrics(port::Instant now) const;
  [[nodiscard]] Operations::Info info(port::Instant now) const;
  void reload_certificate(const net::TlsFiles& files, std::vector<port::Stat>& stats);
  void make_key();
  std::string keep_key();
  void make_store();
  net::Services services();
  void make_protocols();
  [[nodiscard]] port::Metric connections_metric() const;
  void verify(port::Verify question, std::function<void(port::Verified)> done);

  ConfigSources sources_;
  LoadedConfig loaded_;
  Log& log_;
  std::unique_ptr<port::Random> random_;
  std::string boot_;
  std::int64_t started_ms_ = 0;  ///< steady
  std::unique_ptr<port::KeyedHash> hash_;
  port::TopicNumbers topics_;
  port::AddressCosts costs_;
  irc::World world_{topics_};
  std::unique_ptr<port::Store> store_;
  bool away_logged_ = false;
  std::optional<SecretKey> new_key_;      ///< in no file yet
  persist::RedisStore* redis_ = nullptr;  ///< the store, if it is one
  std::unique_ptr<PasswordVerifier> verifier_;
  std::vector<MadeProtocol> protocols_;   ///< in the order of protocols.def
  std::vector<std::size_t> connections_;  ///< open ones, by protocol
  std::unique_ptr<net::Server> server_;
};

/// The server's addresses as it will be told them: `listen` with its paths, `server.host`, and
/// `operations`.
net::ServerOptions server_options(const Config& config);

/// What `--check` can see beyond the configuration itself: that the certificate and its key are
/// there and fit, that the secret key can be read, and that `paths` names protocols that exist.
/// @throws std::runtime_error  what is wrong
void check_surroundings(const Config& config);

}  // namespace signaller
