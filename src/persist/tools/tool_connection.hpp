// The connection of a tool to Redis, with blocking calls.
#pragma once

#include <asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "persist/format/keys.hpp"
#include "persist/redis/lease.hpp"
#include "persist/redis/redis_handshake.hpp"
#include "persist/redis/redis_link.hpp"
#include "persist/redis/redis_options.hpp"

namespace signaller::persist {

/// Runs its own loop on the calling thread. The process must ignore SIGPIPE.
class ToolConnection {
 public:
  /// @param name  name of the connection in CLIENT LIST
  ToolConnection(const RedisOptions& options, std::string name);

  /// Connects and performs the handshake, within about `options.timeout`.
  [[nodiscard]] bool connect();
  /// Runs the loop until `done` returns true. False: the connection failed first.
  [[nodiscard]] bool run_until(const std::function<bool()>& done);
  /// Sends a command and waits for its reply. False: the connection failed, or Redis returned an
  /// error.
  [[nodiscard]] bool query(const Argv& argv, const RedisLink::OnReply& read);
  /// Fails the connection: run_until() returns false from now on. The first reason is kept.
  void fail(const std::string& why);

  /// Why the connection failed; empty: it works.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] const RedisHandshake& handshake() const { return handshake_; }
  RedisLink& link() { return link_; }

 private:
  [[nodiscard]] bool connect_once();

  const RedisOptions& options_;
  const std::string name_;
  asio::io_context loop_;
  RedisLink link_;
  RedisHandshake handshake_;
  std::string problem_;
};

/// The lease of a store, as found.
struct LeaseStatus {
  std::string token;
  std::optional<LeaseHolder> holder;  ///< empty: the token is malformed
  HolderState holder_state = HolderState::Unknown;
  std::int64_t left_ms = 0;  ///< -1: it never expires
};

/// Reads the lease; empties `out` if there is none. False: as for ToolConnection::query.
[[nodiscard]] bool read_lease(ToolConnection& connection, const Keys& keys,
                              std::optional<LeaseStatus>& out);

}  // namespace signaller::persist
