// What was stored becomes the world again; and what happens while the store is away.
#pragma once

#include <string>
#include <vector>

#include "commands/session/slash_state.hpp"
#include "port/effects.hpp"
#include "port/store.hpp"
#include "port/time.hpp"

namespace signaller::commands {

/// Whoever was here is suspended, with all of its resume window before it. Before anybody comes.
/// @param problems  gets what was left out, in words
void take_restored(SlashState& slash, port::Snapshot& snapshot, std::vector<std::string>& problems,
                   port::Instant now);
/// Operators are told that it is away; on its return the store gets what it missed, or everything.
void on_store_event(SlashState& slash, port::Effects& out, const port::StoreEvent& event,
                    port::Instant now);

/// A batch has been stored: operators who know that the store was away are told that it is back.
void note_stored(SlashState& slash, port::Effects& out, port::Instant now);

}  // namespace signaller::commands
