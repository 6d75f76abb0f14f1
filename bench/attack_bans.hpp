// An operator who bans the network from which banned attackers come.
#pragma once

#include <string>

#include "target.hpp"

namespace signaller::bench {

/// Becomes operator and bans `range` for an hour. Waits for the answers.
/// @return what went wrong; empty: nothing
std::string ban(const Target& target, const std::string& name, const std::string& password,
                const std::string& range);

}  // namespace signaller::bench
