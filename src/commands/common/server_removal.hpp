// Peers are removed and kept from the server: by server operators only.
#pragma once

#include <cstdint>
#include <string_view>

#include "commands/context/context.hpp"

namespace signaller::commands {

/// Closes the peer's connection and ends its session (3505). The caller is told
/// `:<source> <verb> <id> :reason`; for /kick it is `KICK * <id>`. 401, AMBIGUOUS_PEER.
Result<Effects> kill_peer(Context& ctx, std::string_view ref, std::string_view reason);

/// Keeps an id, or with `ip:` an address or CIDR, from the server (3507); whoever it concerns goes.
/// 481, 401, AMBIGUOUS_PEER, 478, INVALID_VALUE.
Result<Effects> ban_from_server(Context& ctx, std::string_view ref, std::int64_t until_ms,
                                std::string_view reason);
/// 481, 401, AMBIGUOUS_PEER, NOT_BANNED, INVALID_VALUE.
Result<Effects> unban_from_server(Context& ctx, std::string_view ref);

/// Whether it names an address.
bool is_address_ref(std::string_view ref);
/// That an address is banned from the whole server, not from a channel.
Refusal refuse_address(Context& ctx);

}  // namespace signaller::commands
