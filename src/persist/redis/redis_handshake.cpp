#include "persist/redis/redis_handshake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "persist/format/load_warnings.hpp"
#include "persist/redis/explain.hpp"

namespace signaller::persist {
namespace {

struct HandshakeState {
  RedisHandshake handshake;
  bool append_only = false;  ///< appendonly is on
  std::function<void(RedisHandshake)> done;

  /// Reports the first error at once, because Redis may close the connection after an error.
  void fail(const RedisReply& reply) {
    handshake.problem = explain(reply.text());
    end();
  }
  void end() {
    if (done) std::exchange(done, {})(std::move(handshake));
  }
};
using HandshakeStatePtr = std::shared_ptr<HandshakeState>;

void read_server(HandshakeState& state, std::string_view info) {
  state.handshake.run_id = info_value(info, "run_id");
}

void read_persistence(HandshakeState& state, std::string_view info) {
  state.append_only = info_value(info, "aof_enabled") == "1";
  if (!state.append_only) {
    state.handshake.warnings.emplace_back(
        "appendonly is off in Redis: a crash of Redis may lose confirmed writes. Set appendonly "
        "yes and appendfsync always");
  }
}

/// Reads maxmemory and maxmemory-policy. Without maxmemory, Redis never evicts keys.
void read_memory(HandshakeState& state, std::string_view info) {
  const std::string_view policy = info_value(info, "maxmemory_policy");
  const std::string_view maxmemory = info_value(info, "maxmemory");
  if (policy.empty() || policy == "noeviction" || maxmemory == "0") return;
  state.handshake.warnings.push_back(fmt::format(
      "eviction is on in Redis (maxmemory-policy {}): Redis may drop confirmed writes. Set "
      "maxmemory-policy noeviction",
      printable(policy)));
}

/// Reads the reply to CONFIG GET; some Redis services forbid the command.
void read_fsync(HandshakeState& state, const RedisReply& reply) {
  if (!state.append_only) return;
  auto& warnings = state.handshake.warnings;
  if (reply.error() || reply.size() != 2) {
    warnings.emplace_back(
        "cannot check whether appendfsync is always: grant the Redis user +config|get, or check "
        "the "
        "setting yourself");
  } else if (reply[1].text() != "always") {
    warnings.push_back(
        fmt::format("appendfsync is {} in Redis: a crash of Redis may lose confirmed writes. Set "
                    "appendfsync always",
                    printable(reply[1].text())));
  }
}

/// Sends a command whose reply matters only if it is an error.
void send_checked(RedisLink& link, const Argv& argv, const HandshakeStatePtr& state) {
  link.send(argv, [state](const RedisReply& reply) {
    if (reply.error()) state->fail(reply);
  });
}

template <class Read>
void query_info(RedisLink& link, std::string section, const HandshakeStatePtr& state,
                const Read& read) {
  link.send({"INFO", std::move(section)}, [state, read](const RedisReply& reply) {
    if (reply.error()) {
      state->fail(reply);
    } else {
      read(*state, reply.text());
    }
  });
}

}  // namespace

std::string_view info_value(std::string_view info, std::string_view name) {
  while (!info.empty()) {
    const std::size_t end = std::min(info.find("\r\n"), info.size());
    const std::string_view line = info.substr(0, end);
    if (line.size() > name.size() && line.substr(0, name.size()) == name &&
        line[name.size()] == ':') {
      return line.substr(name.size() + 1);
    }
    info.remove_prefix(std::min(end + 2, info.size()));
  }
  return {};
}

void shake_hands(RedisLink& link, const RedisUrl& url, std::function<void(RedisHandshake)> done,
                 std::string name) {
  const auto state = std::make_shared<HandshakeState>();
  state->done = std::move(done);
  if (!url.user.empty()) {
    send_checked(link, {"AUTH", url.user, url.password}, state);
  } else if (!url.password.empty()) {
    send_checked(link, {"AUTH", url.password}, state);
  }
  if (url.db != 0) send_checked(link, {"SELECT", std::to_string(url.db)}, state);
  query_info(link, "server", state, read_server);
  query_info(link, "persistence", state, read_persistence);
  query_info(link, "memory", state, read_memory);
  link.send({"CLIENT", "SETNAME", std::move(name)}, [](const RedisReply&) {
    // A failure is ignored: the name is only visible in CLIENT LIST.
  });
  link.send({"CONFIG", "GET", "appendfsync"}, [state](const RedisReply& reply) {
    read_fsync(*state, reply);
    state->end();
  });
}

}  // namespace signaller::persist
