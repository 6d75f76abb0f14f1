// Reads the changes of /mode and applies them to a copy.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "commands/context/context.hpp"

namespace signaller::commands {

/// The modes of a channel, with changes that are not applied to it yet.
struct ModeDraft {
  irc::Modes modes;
  bool has_token = false;
  std::optional<std::string> token;  ///< the new token, if it changes
  std::string shown;  ///< the changes as members see them: `-i+kl * 7`; empty: no change
};

/// Applies the mode changes in `changes`: letters after `+` or `-`, then the values of the modes
/// that take one. Refuses with UNKNOWN_MODE, INVALID_VALUE.
/// @param before  the present modes; `shown` is empty
/// @returns the modes after the changes
Result<ModeDraft> apply_changes(Context& ctx, std::string_view changes, const ModeDraft& before);

}  // namespace signaller::commands
