#include "commands/mode_changes.hpp"

#include <algorithm>

#include "irc/text.hpp"

namespace signaller::commands {
namespace {

using irc::Failure;
using irc::Modes;

constexpr std::uint64_t MostMembers = 1'000'000'000;
constexpr std::uint64_t LongestSlowMode = 86'400;
constexpr std::uint64_t MostHistory = 500;
constexpr std::size_t LongestToken = 256;

/// The switch of a letter that takes no value; null: it is another's.
bool* flag_of(Modes& modes, char letter) {
  switch (letter) {
    case 'D':
      return &modes.danmaku;
    case 'P':
      return &modes.persistent;
    case 'i':
      return &modes.invite_only;
    case 'm':
      return &modes.moderated;
    case 's':
      return &modes.secret;
    default:
      return nullptr;
  }
}

std::optional<std::uint64_t> number_within(std::string_view text, std::uint64_t least,
                                           std::uint64_t most) {
  const auto number = irc::parse_number(text);
  return number && *number >= least && *number <= most ? number : std::nullopt;
}

/// What happened to one letter.
enum class Turn : std::uint8_t { Changed, Same, BadValue, Unknown };

Turn compare(bool same) {
  return same ? Turn::Same : Turn::Changed;
}

/// Turns on one that takes a value.
Turn turn_on(ModeDraft& draft, char letter, std::string_view value) {
  const Modes before = draft.modes;
  if (letter == 'k') {
    if (value.empty() || value.size() > LongestToken) return Turn::BadValue;
    draft.token = value;
    draft.has_token = true;
    return Turn::Changed;  // whether it is the same one is nobody's business
  }
  std::optional<std::uint64_t> number;
  if (letter == 'l' && (number = number_within(value, 1, MostMembers))) {
    draft.modes.limit = *number;
  } else if (letter == 'S' && (number = number_within(value, 1, LongestSlowMode))) {
    draft.modes.slow_s = static_cast<std::uint32_t>(*number);
  } else if (letter == 'H' && (number = number_within(value, 0, MostHistory))) {
    draft.modes.history = static_cast<std::uint32_t>(*number);
  }
  return number ? compare(draft.modes == before) : Turn::BadValue;
}

Turn turn_off(ModeDraft& draft, char letter) {
  const Modes before = draft.modes;
  if (letter == 'k') {
    draft.token.reset();
    return compare(!std::exchange(draft.has_token, false));
  }
  if (letter == 'l') draft.modes.limit = 0;
  if (letter == 'S') draft.modes.slow_s = 0;
  if (letter == 'H') draft.modes.history.reset();
  return compare(draft.modes == before);
}

bool takes_value(char letter) {
  return letter == 'k' || letter == 'l' || letter == 'S' || letter == 'H';
}

Turn turn(ModeDraft& draft, char letter, bool on, std::string_view value) {
  if (bool* flag = flag_of(draft.modes, letter)) return compare(std::exchange(*flag, on) == on);
  if (!takes_value(letter)) return Turn::Unknown;
  return on ? turn_on(draft, letter, value) : turn_off(draft, letter);
}

std::string_view value_form(char letter) {
  switch (letter) {
    case 'k':
      return "+k takes a token of at most 256 bytes";
    case 'l':
      return "+l takes a number of members, from 1 on";
    case 'S':
      return "+S takes seconds, from 1 to 86400";
    default:
      return "+H takes a number of messages, from 0 to 500";
  }
}

std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

/// A letter as it was typed, which may be of several bytes.
std::string_view whole_letter(std::string_view text) {
  std::size_t bytes = 1;
  while (bytes < text.size() && irc::cut_utf8(text, bytes).empty()) ++bytes;
  return text.substr(0, bytes);
}

/// The changes as members are told them.
struct Shown {
  std::string letters;
  std::string values;
  char sign = '\0';

  void add(char letter, bool on, std::string_view value) {
    const char wanted = on ? '+' : '-';
    if (sign != wanted) letters += wanted;
    sign = wanted;
    letters += letter;
    if (on && takes_value(letter)) values += fmt::format(" {}", letter == 'k' ? "*" : value);
  }
};

}  // namespace

bool apply_changes(Context& ctx, std::string_view changes, ModeDraft& draft, Effects& refusal) {
  std::string_view values = changes;
  const std::string_view letters = take_word(values);
  Shown shown;
  bool on = true;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const char letter = letters[i];
    if (letter == '+' || letter == '-') {
      on = letter == '+';
      continue;
    }
    const bool wants = on && takes_value(letter);
    const std::string_view value = wants ? take_word(values) : std::string_view{};
    switch (turn(draft, letter, on, value)) {
      case Turn::Changed:
        shown.add(letter, on, value);
        break;
      case Turn::Same:
        break;
      case Turn::BadValue:
        refusal = ctx.fail(Failure::InvalidValue, {letters.substr(i, 1)}, value_form(letter));
        return false;
      case Turn::Unknown:
        refusal = ctx.fail(Failure::UnknownMode, {whole_letter(letters.substr(i))});
        return false;
    }
  }
  if (!take_word(values).empty()) {
    refusal = ctx.fail(Failure::InvalidValue, {"values"}, "More values than these modes take");
    return false;
  }
  draft.shown = shown.letters + shown.values;
  return true;
}

}  // namespace signaller::commands
