// How long a ban or a mute lasts: `30s`, `10m`, `24h`, `7d`, `2w`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace signaller::commands {

/// The text of INVALID_VALUE for a duration that is malformed or out of range.
constexpr std::string_view DurationForm =
    "A duration must be a whole number, 1 or more, and a unit s, m, h, d or w, as in 10m; at most "
    "3650d";

/// Whether a word begins with a digit or a sign. Such a word is never the beginning of a reason: a
/// mistyped duration would make a ban for ever.
bool begins_like_duration(std::string_view word);
/// Reads a duration, in milliseconds. Returns nothing if the duration is malformed or out of range.
std::optional<std::int64_t> parse_duration(std::string_view text);

}  // namespace signaller::commands
