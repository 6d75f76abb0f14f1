// What /mode is asked to change, read and tried on a copy.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "commands/context/context.hpp"

namespace signaller::commands {

/// What a channel's switches become.
struct ModeDraft {
  irc::Modes modes;
  bool has_token = false;
  std::optional<std::string> token;  ///< a new one
  std::string shown;                 ///< what has changed: `-i+kl * 7`; empty: nothing
};

/// Turns the switches that `changes` names: letters after `+` or `-`, then the values of those that
/// take one. UNKNOWN_MODE, INVALID_VALUE.
/// @param before  the switches as they are; `shown` is empty
/// @returns the switches as they become
Result<ModeDraft> apply_changes(Context& ctx, std::string_view changes, const ModeDraft& before);

}  // namespace signaller::commands
