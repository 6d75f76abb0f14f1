// How long a ban or a mute lasts: `30s`, `10m`, `24h`, `7d`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace signaller::commands {

/// What is said of one that is out of range or no duration at all.
constexpr std::string_view DurationForm =
    "A duration is 30s, 10m, 24h or 7d: a number from 1 on, at most 36500 days in all";

/// Digits and one of `s m h d`, whatever the number.
bool looks_like_duration(std::string_view text);
/// In milliseconds; nothing if it is none, or out of range.
std::optional<std::int64_t> parse_duration(std::string_view text);

}  // namespace signaller::commands
