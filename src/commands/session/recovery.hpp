// Restores the world from the store, and reacts when the store goes away and comes back.
#pragma once

#include <string>
#include <vector>

#include "commands/session/slash_state.hpp"
#include "port/effects.hpp"
#include "port/store.hpp"
#include "port/time.hpp"

namespace signaller::commands {

/// Restores the world. Each peer is suspended with its whole resume window ahead. To be called
/// before any connection opens.
/// @param problems  receives a sentence for each record that was left out
void take_restored(SlashState& slash, port::Snapshot& snapshot, std::vector<std::string>& problems,
                   port::Instant now);
/// Tells operators that the store is away. On its return writes the missed changes, or everything.
void on_store_event(SlashState& slash, port::Effects& out, const port::StoreEvent& event,
                    port::Instant now);

/// A batch has been stored: tells operators that the store is back, if they know that it was away.
void note_stored(SlashState& slash, port::Effects& out, port::Instant now);

}  // namespace signaller::commands
