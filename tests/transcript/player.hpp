// Plays a scenario against a protocol.
#pragma once

#include <string>

#include "port/protocol.hpp"
#include "tests/transcript/script.hpp"

namespace signaller::transcript {

/// What went otherwise than the transcript says, with file and line; empty: nothing.
std::string play(const Scenario& scenario, port::Protocol& protocol);

}  // namespace signaller::transcript
