#include "irc/modes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "irc/text/text.hpp"

namespace signaller::irc {
namespace {

constexpr std::array Table{
#define FLAG_MODE(letter, member, ...) \
  ModeInfo{#letter[0], ModeKind::Flag, &Modes::member, nullptr, 0, 0, {}},
#define NUMBER_MODE(letter, member, name, least, most, help, value, meaning) \
  ModeInfo{#letter[0], ModeKind::Number, nullptr, &Modes::member, least, most, value},
#define TOKEN_MODE(letter, name, most, help, value, meaning) \
  ModeInfo{#letter[0], ModeKind::Token, nullptr, nullptr, 0, most, value},
#include "irc/modes.def"
};

constexpr auto sorted_table() {
  auto sorted = Table;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const ModeInfo mode = sorted[i];
    std::size_t at = i;
    for (; at > 0 && mode.letter < sorted[at - 1].letter; --at) sorted[at] = sorted[at - 1];
    sorted[at] = mode;
  }
  return sorted;
}
constexpr auto SortedTable = sorted_table();

/// Takes the next word of `values` as a number of 32 bits.
std::optional<std::uint32_t> take_number(std::string_view& values) {
  const std::string_view word = values.substr(0, values.find(' '));
  values.remove_prefix(std::min(values.size(), word.size() + 1));
  const auto number = parse_number(word);
  if (!number || *number > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

}  // namespace

bool operator==(const Modes& a, const Modes& b) {
  return std::all_of(Table.begin(), Table.end(), [&](const ModeInfo& mode) {
    switch (mode.kind) {
      case ModeKind::Flag:
        return a.*mode.flag == b.*mode.flag;
      case ModeKind::Number:
        return a.*mode.number == b.*mode.number;
      case ModeKind::Token:
        break;
    }
    return true;
  });
}

const ModeInfo* find_mode(char letter) {
  const auto* found = std::find_if(
      Table.begin(), Table.end(), [letter](const ModeInfo& mode) { return mode.letter == letter; });
  return found == Table.end() ? nullptr : found;
}

std::string modes_text(const Modes& modes, bool has_token) {
  std::string letters;
  std::string values;
  for (const ModeInfo& mode : SortedTable) {
    bool is_set = has_token;
    if (mode.kind == ModeKind::Flag) is_set = modes.*mode.flag;
    if (mode.kind == ModeKind::Number) {
      const auto& number = modes.*mode.number;
      is_set = number.has_value();
      if (number) values += fmt::format(" {}", *number);
    }
    if (is_set) letters += mode.letter;
  }
  return letters.empty() ? letters : '+' + letters + values;
}

std::optional<Modes> parse_modes(std::string_view text) {
  Modes modes;
  if (text.empty()) return modes;
  if (text.front() != '+') return std::nullopt;
  const std::string_view letters = text.substr(1, text.find(' ') - 1);
  std::string_view values = text.substr(std::min(text.size(), letters.size() + 2));
  for (const char letter : letters) {
    const ModeInfo* mode = find_mode(letter);
    if (mode == nullptr) return std::nullopt;
    if (mode->kind == ModeKind::Flag) modes.*mode->flag = true;
    if (mode->kind != ModeKind::Number) continue;
    const auto number = take_number(values);
    if (!number) return std::nullopt;
    if (*number >= mode->least) modes.*mode->number = number;
  }
  return modes;
}

}  // namespace signaller::irc
