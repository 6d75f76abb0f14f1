// Changes scripts step by step. Lines are built from the table of commands, so that a new command
// is fuzzed at once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace signaller::fuzz {

/// @param most  the largest size of the result, in bytes
std::string mutate_script(std::string_view script, std::size_t most, std::uint64_t seed);

}  // namespace signaller::fuzz
