// The metrics of the slash protocol and of its world.
#pragma once

#include "commands/session/slash_state.hpp"
#include "port/metrics.hpp"
#include "port/time.hpp"

namespace signaller::commands {

/// Returns the values of all counters and gauges, for a metrics collector.
port::Metrics metrics_of(const SlashState& slash, port::Instant now);

}  // namespace signaller::commands
