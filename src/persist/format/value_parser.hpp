// Numbers and words of stored values. Whoever wrote them, they are checked.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

namespace signaller::persist {

/// Above all times in milliseconds, and small enough for sums of them.
constexpr std::int64_t MostMs = 1'000'000'000'000'000;

[[nodiscard]] inline bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

/// All of `text` as a decimal number. Signed ones are times: 0 to MostMs.
template <class Number>
[[nodiscard]] bool read_number(std::string_view text, Number& out) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return false;
  if constexpr (std::is_signed_v<Number>) {
    if (value < 0 || value > MostMs) return false;
  }
  out = value;
  return true;
}

/// The text before the next space, which goes too; nothing if there is none.
[[nodiscard]] inline std::optional<std::string_view> take_word(std::string_view& rest) {
  const std::size_t space = rest.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view word = rest.substr(0, space);
  rest.remove_prefix(space + 1);
  return word;
}

/// The number before the next space, which goes too.
template <class Number>
[[nodiscard]] bool take_number(std::string_view& rest, Number& out) {
  const auto word = take_word(rest);
  return word && read_number(*word, out);
}

}  // namespace signaller::persist
