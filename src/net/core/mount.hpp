// Turns the mappings of `paths` into the routes of a listener. The server and the check of a
// configuration use the same functions, so that they refuse the same mappings.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "net/core/options.hpp"
#include "net/http/routes.hpp"
#include "port/protocol.hpp"

namespace signaller::net {

/// The properties of a protocol that its routes need.
struct MountedProtocol {
  std::size_t number = 0;  ///< index among the process's protocols
  std::vector<port::Endpoint> endpoints;
  std::optional<std::size_t> first_frame_limit{};  ///< bytes; nothing: not known
};

/// Adds a route for each endpoint that has the mount's name.
/// @returns false if the protocol has no such endpoint
/// @throws std::runtime_error  as Routes::add; or the protocol declares no frame limit, or an
///                             endpoint's bodies do not fit into `net.request_bytes`
bool add_mount(Routes& routes, const Mount& mount, const MountedProtocol& protocol,
               const ServerOptions& options);

/// The number of shards: `net.shards`, or, if this key is 0, one for each processor core.
std::size_t shard_count(const ServerOptions& options);

/// Checks whether a request with the longest head and the longest body can arrive: all requests of
/// a shard share a part of `net.request_bytes`. Returns why not; empty: it can arrive.
std::string request_bytes_problem(const ServerOptions& options, const BodyLimit& body);

}  // namespace signaller::net
