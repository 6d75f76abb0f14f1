// Takes the cost of a command from its connection and its address, and closes a connection that is
// refused too often.
#pragma once

#include <cstdint>
#include <string_view>

#include "commands/session/slash_state.hpp"
#include "port/effects.hpp"
#include "port/time.hpp"

namespace signaller::commands {

/// A limit on rates that is reached.
struct Excess {
  std::int64_t wait_ms = 0;  ///< until enough units are there again; 0: no limit is reached
  std::string_view key;      ///< of the configuration
};

/// Takes cost units out of the buckets of a connection and of its address, or out of neither.
Excess charge(SlashState& slash, Session& session, double units, port::Instant now);

/// Puts back the units of a command that is refused after all.
void give_back(Session& session, double units);

/// Closes a connection that was refused too often (3508), and ends its peer's session.
void close_after_too_many_errors(SlashState& slash, port::Effects& out, Session& session,
                                 port::Instant now);

}  // namespace signaller::commands
