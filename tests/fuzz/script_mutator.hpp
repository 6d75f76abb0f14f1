// Changes scripts step by step: what is said is made from the table of commands, so that a command
// that is added is fuzzed without anybody's doing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace signaller::fuzz {

/// @param most  bytes
std::string mutate_script(std::string_view script, std::size_t most, std::uint64_t seed);

}  // namespace signaller::fuzz
