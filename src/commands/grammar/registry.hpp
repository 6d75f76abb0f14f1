// All commands: by name, and as a list.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "commands/grammar/command.hpp"

namespace signaller::commands {

/// Finds a command by name or alias, in any case; null: unknown.
const Command* find_command(std::string_view name);
/// All commands, in the order of commands.def.
const std::vector<const Command*>& all_commands();
/// The syntax of a command: `/kick <peer> [#channel] [reason...]`.
std::string form_of(const Command& command);

}  // namespace signaller::commands
