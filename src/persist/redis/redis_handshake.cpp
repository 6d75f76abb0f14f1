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

struct HandshakeSteps {
  RedisHandshake handshake;
  bool appends = false;  ///< appendonly is on
  std::function<void(RedisHandshake)> done;

  /// The first reason counts, at once: Redis may close behind it.
  void fail(const RedisReply& reply) {
    handshake.problem = explain(reply.text());
    end();
  }
  void end() {
    if (done) std::exchange(done, {})(std::move(handshake));
  }
};
using StepsPtr = std::shared_ptr<HandshakeSteps>;

void read_server(HandshakeSteps& talk, std::string_view info) {
  talk.handshake.run = info_value(info, "run_id");
}

void read_persistence(HandshakeSteps& talk, std::string_view info) {
  talk.appends = info_value(info, "aof_enabled") == "1";
  if (!talk.appends) {
    talk.handshake.warnings.emplace_back(
        "appendonly is off in Redis: what it has confirmed may be lost when it stops. Set "
        "appendonly yes and appendfsync always");
  }
}

/// Only what may be evicted matters: without maxmemory nothing is.
void read_memory(HandshakeSteps& talk, std::string_view info) {
  const std::string_view policy = info_value(info, "maxmemory_policy");
  const std::string_view most = info_value(info, "maxmemory");
  if (policy.empty() || policy == "noeviction" || most == "0") return;
  talk.handshake.warnings.push_back(fmt::format(
      "eviction is on in Redis (maxmemory-policy {}): it may drop what it has confirmed. Set "
      "maxmemory-policy noeviction",
      printable(policy)));
}

/// The reply to CONFIG GET; some services forbid the command.
void read_fsync(HandshakeSteps& talk, const RedisReply& reply) {
  if (!talk.appends) return;
  auto& warnings = talk.handshake.warnings;
  if (reply.error() || reply.size() != 2) {
    warnings.emplace_back(
        "Redis does not tell whether appendfsync is always: let this user use config|get, or "
        "see to it");
  } else if (reply[1].text() != "always") {
    warnings.push_back(
        fmt::format("appendfsync is {} in Redis: a crash may lose what it has confirmed. Set "
                    "appendfsync always",
                    printable(reply[1].text())));
  }
}

/// A command whose reply says nothing but whether it went well.
void say(RedisLink& link, const Argv& argv, const StepsPtr& held) {
  link.send(argv, [held](const RedisReply& reply) {
    if (reply.error()) held->fail(reply);
  });
}

template <class Read>
void ask_info(RedisLink& link, std::string section, const StepsPtr& held, const Read& read) {
  link.send({"INFO", std::move(section)}, [held, read](const RedisReply& reply) {
    if (reply.error()) {
      held->fail(reply);
    } else {
      read(*held, reply.text());
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
  const auto held = std::make_shared<HandshakeSteps>();
  held->done = std::move(done);
  if (!url.user.empty()) {
    say(link, {"AUTH", url.user, url.password}, held);
  } else if (!url.password.empty()) {
    say(link, {"AUTH", url.password}, held);
  }
  if (url.db != 0) say(link, {"SELECT", std::to_string(url.db)}, held);
  ask_info(link, "server", held, read_server);
  ask_info(link, "persistence", held, read_persistence);
  ask_info(link, "memory", held, read_memory);
  link.send({"CLIENT", "SETNAME", std::move(name)}, [](const RedisReply&) {
    // For CLIENT LIST only: who may not, goes without a name.
  });
  link.send({"CONFIG", "GET", "appendfsync"}, [held](const RedisReply& reply) {
    read_fsync(*held, reply);
    held->end();
  });
}

}  // namespace signaller::persist
