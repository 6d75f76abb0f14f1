// A tool's connection to Redis: it asks, and waits until it has its answers.
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

/// With a loop of its own, on the thread that calls. The process ignores SIGPIPE.
class RedisVisit {
 public:
  /// @param name  of the connection, in CLIENT LIST
  RedisVisit(const RedisOptions& options, std::string name);

  /// Connects and greets, within `options.timeout` or a little more.
  [[nodiscard]] bool begin();
  /// Turns the loop until `done` holds. False: the connection was lost before.
  [[nodiscard]] bool until(const std::function<bool()>& done);
  /// Asks, and waits. False: the connection was lost, or this is no more than an error.
  [[nodiscard]] bool ask(const Argv& argv, const RedisLink::OnReply& read);
  /// Whatever happens now, until() is false.
  void give_up(const std::string& why);

  /// Why there is no going on; empty: there is.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] const RedisHandshake& handshake() const { return handshake_; }
  RedisLink& link() { return link_; }

 private:
  [[nodiscard]] bool connect();

  const RedisOptions& options_;
  const std::string name_;
  asio::io_context loop_;
  RedisLink link_;
  RedisHandshake handshake_;
  std::string problem_;
};

/// Who has a store, as its lease says.
struct LeaseFound {
  std::string token;
  std::optional<LeaseHolder> holder;  ///< none: the token is not of the form
  HolderState life = HolderState::Unknown;
  std::int64_t left_ms = 0;  ///< -1: it does not end by itself
};

/// False: as RedisVisit::ask.
[[nodiscard]] bool look_at_lease(RedisVisit& visit, const Keys& keys,
                                 std::optional<LeaseFound>& out);

}  // namespace signaller::persist
