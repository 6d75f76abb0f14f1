// Takes the cost of a command from its connection and its address, and closes a connection that
// makes too many errors.
#pragma once

#include <cstdint>
#include <string_view>

#include "commands/session/slash_state.hpp"
#include "port/effects.hpp"
#include "port/time.hpp"

namespace signaller::commands {

/// The rate limit that a charge has reached, if any.
struct Excess {
  std::int64_t wait_ms = 0;  ///< time until enough units are available; 0: no limit is reached
  std::string_view key;      ///< configuration key of the limit
};

/// Takes cost units out of the buckets of a connection and of its address, or out of neither.
Excess charge(SlashState& slash, Session& session, double units, port::Instant now);

/// Gives back the units of a command that is refused later.
void give_back(Session& session, double units);

/// Closes a connection that made too many errors (3508), and ends its peer's session.
void close_after_too_many_errors(SlashState& slash, port::Effects& out, Session& session,
                                 port::Instant now);

}  // namespace signaller::commands
