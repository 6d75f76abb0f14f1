// A server operator who bans the network of the banned attackers.
#pragma once

#include <string>

#include "target.hpp"

namespace signaller::bench {

/// Becomes operator and bans `range` for an hour. Blocks until the server has answered.
/// @return the error; empty: none
std::string ban(const Target& target, const std::string& name, const std::string& password,
                const std::string& range);

}  // namespace signaller::bench
