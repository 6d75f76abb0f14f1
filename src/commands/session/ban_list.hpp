// Sends the list of banned addresses to the edge, which then refuses their connections.
#pragma once

#include <string>

#include "irc/channel.hpp"
#include "port/effects.hpp"

namespace signaller::commands {

struct SlashState;

/// Adds a BanList effect if the bans have changed since the last one. Expired bans may still be in
/// the list: each entry has its own end.
void send_ban_list(SlashState& slash, port::Effects& out);

/// The close reason for a banned connection: `banned: spam`.
std::string ban_text(const irc::Ban& ban);

}  // namespace signaller::commands
