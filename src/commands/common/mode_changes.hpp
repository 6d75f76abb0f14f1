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
/// take one. The draft is spoilt if nothing comes of it: false, and `refusal` holds UNKNOWN_MODE or
/// INVALID_VALUE.
bool apply_changes(Context& ctx, std::string_view changes, ModeDraft& draft, Effects& refusal);

}  // namespace signaller::commands
