// A ban, of a channel or of the server.
#pragma once

#include <cstdint>
#include <string>

#include "irc/text/object_id.hpp"

namespace signaller::irc {

/// A ban. Times are Unix milliseconds; `until_ms` 0: no end.
struct Ban {
  PeerId by;
  std::string reason;
  std::int64_t set_ms = 0;
  std::int64_t until_ms = 0;
};
/// Whether `until_ms` has passed; 0 never passes.
constexpr bool is_over(std::int64_t until_ms, std::int64_t now_ms) {
  return until_ms != 0 && until_ms <= now_ms;
}

}  // namespace signaller::irc
