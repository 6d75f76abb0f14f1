// Parses numbers and space-separated tokens of stored values. Accepts only valid input.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

namespace signaller::persist {

/// Upper bound of times in ms; sums of such times do not overflow.
constexpr std::int64_t MaxMs = 1'000'000'000'000'000;

[[nodiscard]] inline bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

/// Parses all of `text` as a decimal number. Signed numbers are times: 0 to MaxMs.
template <class Number>
[[nodiscard]] bool read_number(std::string_view text, Number& out) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return false;
  if constexpr (std::is_signed_v<Number>) {
    if (value < 0 || value > MaxMs) return false;
  }
  out = value;
  return true;
}

/// Removes and returns the text before the next space, and removes the space. Returns nothing if
/// there is no space.
[[nodiscard]] inline std::optional<std::string_view> next_token(std::string_view& rest) {
  const std::size_t space = rest.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view word = rest.substr(0, space);
  rest.remove_prefix(space + 1);
  return word;
}

/// Removes the number before the next space, and the space. Returns false if the number is
/// malformed.
template <class Number>
[[nodiscard]] bool next_number(std::string_view& rest, Number& out) {
  const auto word = next_token(rest);
  return word && read_number(*word, out);
}

}  // namespace signaller::persist
