// What a server makes of a store's records, without being one.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "port/records.hpp"

namespace signaller {

/// What a server with this configuration would leave out of them at its start: each a key without
/// its prefix, and why; fit for a terminal. Takes as much memory as such a server.
std::vector<std::string> not_restorable(const Config& config, const port::Snapshot& snapshot);

}  // namespace signaller
