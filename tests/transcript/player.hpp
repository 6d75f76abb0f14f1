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

/// The protocol of the server that takes over when another one has died or ended.
using Follower = std::function<port::Protocol&()>;

/// What went otherwise than the transcript says, with file and line; empty: nothing.
std::string play(const Scenario& scenario, port::Protocol& protocol, const Reload& reload = {},
                 const Follower& follower = {});

}  // namespace signaller::transcript
