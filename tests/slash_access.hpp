// Access to the state of the slash protocol, for tests that compare it with what clients know.
#pragma once

#include "commands/session/slash_state.hpp"
#include "commands/slash_protocol.hpp"

namespace signaller::tests {

/// Returns the state of a protocol, which is private outside tests.
commands::SlashState& slash_state_of(commands::SlashProtocol& protocol);

}  // namespace signaller::tests
