// Restores the world from the store, and reacts when the store becomes unavailable or available.
#pragma once

#include <string>
#include <vector>

#include "commands/session/slash_state.hpp"
#include "port/effects.hpp"
#include "port/store.hpp"
#include "port/time.hpp"

namespace signaller::commands {

/// Restores the world. Each peer is suspended and gets its whole resume window. Call it before any
/// connection opens.
/// @param problems  receives a text for each record that was left out
void take_restored(SlashState& slash, port::Snapshot& snapshot, std::vector<std::string>& problems,
                   port::Instant now);
/// Tells operators when the store is unavailable. When the store is available again, writes the
/// changes that it has missed, or the whole world if the store has lost data.
void on_store_event(SlashState& slash, port::Effects& out, const port::StoreEvent& event,
                    port::Instant now);

/// Call when a batch has been stored: tells operators that the store is available again, if they
/// were told that it is unavailable.
void note_stored(SlashState& slash, port::Effects& out, port::Instant now);

}  // namespace signaller::commands
