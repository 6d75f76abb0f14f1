#include "irc/modes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "irc/text/text.hpp"

namespace signaller::irc {

std::string modes_text(const Modes& modes, bool has_token) {
  std::string letters;
  std::string values;
  const auto letter = [&letters](char c, bool on) {
    if (on) letters += c;
  };
  const auto value = [&](char c, bool on, std::size_t number) {
    letter(c, on);
    if (on) values += fmt::format(" {}", number);
  };
  letter('D', modes.danmaku);
  value('H', modes.history.has_value(), modes.history.value_or(0));
  letter('P', modes.persistent);
  value('S', modes.slow_s != 0, modes.slow_s);
  letter('i', modes.invite_only);
  letter('k', has_token);
  value('l', modes.limit != 0, modes.limit);
  letter('m', modes.moderated);
  letter('s', modes.secret);
  return letters.empty() ? letters : '+' + letters + values;
}

std::optional<Modes> parse_modes(std::string_view text) {
  Modes modes;
  if (text.empty()) return modes;
  if (text.front() != '+') return std::nullopt;
  const std::string_view letters = text.substr(1, text.find(' ') - 1);
  std::string_view values = text.substr(std::min(text.size(), letters.size() + 2));
  const auto value = [&values](std::uint64_t most) {
    const std::string_view word = values.substr(0, values.find(' '));
    values.remove_prefix(std::min(values.size(), word.size() + 1));
    const auto number = parse_number(word);
    return number && *number <= most ? number : std::nullopt;
  };
  for (const char letter : letters) {
    std::optional<std::uint64_t> number = 0;
    switch (letter) {
      case 'D':
        modes.danmaku = true;
        break;
      case 'H':
        if ((number = value(UINT32_MAX))) modes.history = static_cast<std::uint32_t>(*number);
        break;
      case 'P':
        modes.persistent = true;
        break;
      case 'S':
        if ((number = value(UINT32_MAX))) modes.slow_s = static_cast<std::uint32_t>(*number);
        break;
      case 'i':
        modes.invite_only = true;
        break;
      case 'k':
        break;
      case 'l':
        if ((number = value(UINT32_MAX))) modes.limit = *number;
        break;
      case 'm':
        modes.moderated = true;
        break;
      case 's':
        modes.secret = true;
        break;
      default:
        return std::nullopt;
    }
    if (!number) return std::nullopt;
  }
  return modes;
}

}  // namespace signaller::irc
