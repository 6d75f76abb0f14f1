// The page that a browser gets at the path of the WebSocket endpoint.
#pragma once

#include <cstdint>
#include <string_view>

#include "commands/session/options.hpp"
#include "port/effects.hpp"
#include "port/protocol.hpp"

namespace signaller::commands {

/// Returns the Host header if it is safe to show in a page: a name or an address, with or without
/// a port. Returns `localhost` for any other value, which an attacker may have sent.
std::string_view checked_host(std::string_view host);

/// Responds with 200 and the page, whose first line is the `wscat` command for this server.
port::Effects respond_with_page(const Options& options, const port::HttpRequest& request);

/// Responds with 429 and Retry-After: the address has spent the units that `limits.address_rate`
/// allows.
/// @param wait_ms  the time until the address may send a request again; above 0
port::Effects refuse_page(const port::HttpRequest& request, std::int64_t wait_ms);

}  // namespace signaller::commands
