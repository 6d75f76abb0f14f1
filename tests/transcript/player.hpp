// Plays a scenario against a protocol.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "port/protocol.hpp"
#include "tests/transcript/script.hpp"

namespace signaller::transcript {

/// Applies changed options to the protocol. A std::function, because tests of the runner leave it
/// empty.
using Reload = std::function<void(const std::vector<Setting>&)>;

/// Creates the protocol of the next server after a crash or restart.
using Follower = std::function<port::Protocol&()>;

/// Returns the differences from the transcript with file and line; empty: none.
std::string play(const Scenario& scenario, port::Protocol& protocol, const Reload& reload = {},
                 const Follower& follower = {});

}  // namespace signaller::transcript
