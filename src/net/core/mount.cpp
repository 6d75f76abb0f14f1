#include "net/core/mount.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace signaller::net {

bool add_mount(Routes& routes, const Mount& mount, const MountedProtocol& protocol,
               const ServerOptions& options) {
  std::vector<port::Endpoint> named = protocol.endpoints;
  named.erase(std::remove_if(named.begin(), named.end(),
                             [&](const auto& one) { return one.name != mount.endpoint; }),
              named.end());
  for (const port::Endpoint& endpoint : named) {
    const std::string path = mounted_path(mount.path, endpoint, named.size() > 1);
    if (endpoint.websocket && protocol.first_frame_limit == 0) {
      throw std::runtime_error("path " + mount.path + ": '" + mount.endpoint +
                               "' takes WebSocket connections, so its protocol must override "
                               "first_frame_limit(): 0 refuses every message");
    }
    routes.add(path, protocol.number, endpoint, protocol.first_frame_limit.value_or(0));
    if (!endpoint.http) continue;
    const std::string problem =
        request_bytes_problem(options, body_limit_of(endpoint, options.body_bytes));
    if (!problem.empty()) throw std::runtime_error(fmt::format("path {}: {}", path, problem));
  }
  return !named.empty();
}

std::size_t shard_count(const ServerOptions& options) {
  return options.shards == 0 ? std::max(1U, std::thread::hardware_concurrency()) : options.shards;
}

std::string request_bytes_problem(const ServerOptions& options, const BodyLimit& body) {
  const std::size_t shards = shard_count(options);
  const std::size_t each = options.request_bytes / shards;
  if (options.head_bytes <= each && body.bytes <= each - options.head_bytes) return {};
  return fmt::format(
      "{} ({}) and net.head_bytes ({}) together must not be larger than the part of "
      "net.request_bytes ({}) that each of {} shards has: {}",
      body.key.empty() ? "the endpoint's limit of request bodies" : body.key, body.bytes,
      options.head_bytes, options.request_bytes, shards, each);
}

}  // namespace signaller::net
