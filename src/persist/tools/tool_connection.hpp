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

/// A connection with blocking calls. Runs its own loop on the calling thread. The process must
/// ignore SIGPIPE.
class ToolConnection {
 public:
  /// @param name  name of the connection in CLIENT LIST
  ToolConnection(const RedisOptions& options, std::string name);

  /// Connects and sends the first commands, within about `options.timeout`.
  [[nodiscard]] bool connect();
  /// Runs the loop until `done` returns true. Returns false if the connection failed first.
  [[nodiscard]] bool run_until(const std::function<bool()>& done);
  /// Sends a command and waits for its reply. Returns false if the connection failed, or Redis
  /// returned an error.
  [[nodiscard]] bool query(const Argv& argv, const RedisLink::OnReply& read);
  /// Makes the connection fail: run_until() returns false from now on. Only the first reason is
  /// kept.
  void fail(const std::string& why);

  /// Reason of the failure; empty: the connection works.
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

/// The lease of a store, as it was read.
struct LeaseStatus {
  std::string token;
  std::optional<LeaseHolder> holder;  ///< nothing: the token is malformed
  HolderState holder_state = HolderState::Unknown;
  std::int64_t left_ms = 0;  ///< -1: the lease never expires
};

/// Reads the lease; empties `out` if there is no lease. Returns false as ToolConnection::query
/// does.
[[nodiscard]] bool read_lease(ToolConnection& connection, const Keys& keys,
                              std::optional<LeaseStatus>& out);

}  // namespace signaller::persist
