// Peers that are known by their number alone, so that one run of the load can come back as what
// another one was.
#pragma once

#include <cstdint>
#include <string>

namespace signaller::bench {

struct Identity {
  std::string id;
  std::string secret;
};

/// Always the same for the same number; ids are spread as random ones are.
Identity identity_of(std::uint64_t number);

/// The line that describes it, without anything else.
std::string describe(const Identity& identity);

}  // namespace signaller::bench
