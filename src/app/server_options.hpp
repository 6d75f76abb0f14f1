// The options of the server's edge that follow from the configuration.
#pragma once

#include "config/config.hpp"
#include "net/core/options.hpp"

namespace signaller {

/// The options of the server with its listeners: those of `listen`, `server.host` and `operations`.
net::ServerOptions server_options(const Config& config);

/// The part of `--check` that looks beyond the configuration itself: the certificate and its key
/// exist and fit, the secret key can be read, and `paths` names endpoints that exist.
/// @throws std::runtime_error  the first error
void check_surroundings(const Config& config);

}  // namespace signaller
