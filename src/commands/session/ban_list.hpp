// Tells the edge which addresses are banned, so that it refuses their connections first.
#pragma once

#include <string>

#include "irc/channel.hpp"
#include "port/effects.hpp"

namespace signaller::commands {

struct SlashState;

/// Adds a BanList if the bans have changed since the last one. Expired bans may still be in it:
/// each has its own end.
void send_ban_list(SlashState& slash, port::Effects& out);

/// The close reason for a banned connection: `banned: spam`.
std::string ban_text(const irc::Ban& ban);

}  // namespace signaller::commands
