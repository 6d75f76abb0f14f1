// Reads the changes of /mode and applies them to a copy.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "commands/context/context.hpp"

namespace signaller::commands {

/// The modes of a channel, with changes that are not yet made.
struct ModeDraft {
  irc::Modes modes;
  bool has_token = false;
  std::optional<std::string> token;  ///< a new one
  std::string shown;                 ///< the changes: `-i+kl * 7`; empty: none
};

/// Turns the switches that `changes` names: letters after `+` or `-`, then the values of those that
/// take one. UNKNOWN_MODE, INVALID_VALUE.
/// @param before  the switches as they are; `shown` is empty
/// @returns the switches as they become
Result<ModeDraft> apply_changes(Context& ctx, std::string_view changes, const ModeDraft& before);

}  // namespace signaller::commands
