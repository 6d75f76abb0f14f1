// Restores records into a temporary world, to find those that a server would leave out.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "port/records.hpp"

namespace signaller {

/// Returns a line for each record that a server with this configuration would leave out at its
/// start: the key without its prefix, and the reason, in printable characters. Takes as much memory
/// as such a server.
std::vector<std::string> find_left_out(const Config& config, const port::Snapshot& snapshot);

}  // namespace signaller
