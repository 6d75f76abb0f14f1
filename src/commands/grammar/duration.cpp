#include "commands/grammar/duration.hpp"

#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

constexpr std::int64_t DayMs = 86'400'000;

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
      return DayMs;
    case 'w':
      return 7 * DayMs;
    default:
      return 0;
  }
}

}  // namespace

bool begins_like_duration(std::string_view word) {
  const char first = word.empty() ? '\0' : word.front();
  return (first >= '0' && first <= '9') || first == '+' || first == '-';
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  constexpr std::int64_t LongestMs = 3'650 * DayMs;
  const std::int64_t unit = text.empty() ? 0 : unit_ms(text.back());
  if (unit == 0) return std::nullopt;
  const auto number = irc::parse_number(text.substr(0, text.size() - 1));
  const auto most = static_cast<std::uint64_t>(LongestMs / unit);
  if (!number || *number == 0 || *number > most) return std::nullopt;
  return static_cast<std::int64_t>(*number) * unit;
}

}  // namespace signaller::commands
