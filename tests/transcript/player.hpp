// Plays a scenario against a protocol.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "port/protocol.hpp"
#include "tests/transcript/script.hpp"

namespace signaller::transcript {

/// Gives the protocol the scenario's options with some of them set anew.
/// std::function: what a test of the runner leaves out.
using Reload = std::function<void(const std::vector<Setting>&)>;

/// What went otherwise than the transcript says, with file and line; empty: nothing.
std::string play(const Scenario& scenario, port::Protocol& protocol, const Reload& reload = {});

}  // namespace signaller::transcript
