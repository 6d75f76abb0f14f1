// The server's bans of addresses, told to the edge: it refuses who is banned before anything else.
#pragma once

#include <string>

#include "irc/channel.hpp"
#include "port/effects.hpp"

namespace signaller::commands {

struct SlashState;

/// Adds a Bar if the bans have changed since the last one. Those that are over stay in it until
/// they are forgotten here: each says until when it holds.
void send_ban_list(SlashState& slash, port::Effects& out);

/// What somebody is told who is banned: `banned: spam`.
std::string ban_text(const irc::Ban& ban);

}  // namespace signaller::commands
