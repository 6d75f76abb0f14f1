// Ids and secrets derived from a number, so that a later run can resume the sessions of an earlier
// one.
#pragma once

#include <cstdint>
#include <string>

namespace signaller::bench {

struct Identity {
  std::string id;
  std::string secret;
};

/// The same number always gives the same identity; ids look random.
Identity identity_of(std::uint64_t number);

/// Returns the `/descp` line of the identity.
std::string describe(const Identity& identity);

}  // namespace signaller::bench
