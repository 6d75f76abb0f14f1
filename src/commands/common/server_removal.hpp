// Removes and bans peers from the server, for server operators.
#pragma once

#include <cstdint>
#include <string_view>

#include "commands/context/context.hpp"

namespace signaller::commands {

/// Closes the peer's connection and ends its session (3505). The caller gets `:<source> <verb> <id>
/// :reason`, or for /kick `KICK * <id>`. Refuses with 401, AMBIGUOUS_PEER.
Result<Effects> kill_peer(Context& ctx, std::string_view ref, std::string_view reason);

/// Bans an id, or with `ip:` an address or CIDR, and closes the connections concerned (3507).
/// Refuses with 481, 401, AMBIGUOUS_PEER, 478, INVALID_VALUE.
Result<Effects> ban_from_server(Context& ctx, std::string_view ref, std::int64_t until_ms,
                                std::string_view reason);
/// Refuses with 481, 401, AMBIGUOUS_PEER, NOT_BANNED, INVALID_VALUE.
Result<Effects> unban_from_server(Context& ctx, std::string_view ref);

/// Whether a target is given as an address: it begins with `ip:`.
bool is_address_ref(std::string_view ref);
/// The refusal INVALID_VALUE: an address can be banned from the server only, not from a channel.
Refusal refuse_address(Context& ctx);

}  // namespace signaller::commands
