// Into the slash protocol, for tests that compare what clients know with what is so.
#pragma once

#include "commands/session/slash_state.hpp"
#include "commands/slash_protocol.hpp"

namespace signaller::tests {

/// The core of a protocol, which nobody but a test may look into.
commands::SlashState& slash_state_of(commands::SlashProtocol& protocol);

}  // namespace signaller::tests
