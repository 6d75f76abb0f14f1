// How long a ban or a mute lasts: `30s`, `10m`, `24h`, `7d`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace signaller::commands {

/// The text of INVALID_VALUE for a duration that is malformed or out of range.
constexpr std::string_view DurationForm =
    "A duration must be a whole number, 1 or more, and a unit s, m, h or d, as in 10m; at most "
    "36500 days";

/// Whether a word is digits followed by one of `s m h d`. The range is not checked.
bool looks_like_duration(std::string_view text);
/// Reads a duration, in milliseconds. Returns nothing if the duration is malformed or out of range.
std::optional<std::int64_t> parse_duration(std::string_view text);

}  // namespace signaller::commands
