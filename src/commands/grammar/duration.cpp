#include "commands/grammar/duration.hpp"

#include <algorithm>

#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

/// The unit in milliseconds; 0: the letter is no unit.
std::int64_t unit_ms(char unit) {
  switch (unit) {
    case 's':
      return 1'000;
    case 'm':
      return 60'000;
    case 'h':
      return 3'600'000;
    case 'd':
      return 86'400'000;
    default:
      return 0;
  }
}

}  // namespace

bool looks_like_duration(std::string_view text) {
  if (text.size() < 2 || unit_ms(text.back()) == 0) return false;
  return std::all_of(text.begin(), text.end() - 1, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  constexpr std::int64_t LongestMs = std::int64_t{36'500} * 86'400'000;
  const std::int64_t unit = looks_like_duration(text) ? unit_ms(text.back()) : 0;
  if (unit == 0) return std::nullopt;
  const auto number = irc::parse_number(text.substr(0, text.size() - 1));
  const auto most = static_cast<std::uint64_t>(LongestMs / unit);
  if (!number || *number == 0 || *number > most) return std::nullopt;
  return static_cast<std::int64_t>(*number) * unit;
}

}  // namespace signaller::commands
