#include "commands/common/mode_changes.hpp"

#include <algorithm>

#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

using irc::Failure;
using irc::Modes;

constexpr std::uint64_t MostMembers = 1'000'000'000;
constexpr std::uint64_t LongestSlowMode = 21'600;
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

/// What became of one letter.
enum class Turn : std::uint8_t { Done, BadValue, Unknown };

/// Turns on one that takes a value.
Turn turn_on(ModeDraft& draft, char letter, std::string_view value) {
  if (letter == 'k') {
    if (value.empty() || value.size() > LongestToken) return Turn::BadValue;
    draft.token = value;
    draft.has_token = true;
    return Turn::Done;
  }
  std::optional<std::uint64_t> number;
  if (letter == 'l' && (number = number_within(value, 1, MostMembers))) {
    draft.modes.limit = *number;
  } else if (letter == 'S' && (number = number_within(value, 1, LongestSlowMode))) {
    draft.modes.slow_s = static_cast<std::uint32_t>(*number);
  } else if (letter == 'H' && (number = number_within(value, 0, MostHistory))) {
    draft.modes.history = static_cast<std::uint32_t>(*number);
  }
  return number ? Turn::Done : Turn::BadValue;
}

void turn_off(ModeDraft& draft, char letter) {
  if (letter == 'k') {
    draft.token.reset();
    draft.has_token = false;
  }
  if (letter == 'l') draft.modes.limit = 0;
  if (letter == 'S') draft.modes.slow_s = 0;
  if (letter == 'H') draft.modes.history.reset();
}

bool takes_value(char letter) {
  return letter == 'k' || letter == 'l' || letter == 'S' || letter == 'H';
}

Turn turn(ModeDraft& draft, char letter, bool on, std::string_view value) {
  if (bool* flag = flag_of(draft.modes, letter)) {
    *flag = on;
    return Turn::Done;
  }
  if (!takes_value(letter)) return Turn::Unknown;
  if (on) return turn_on(draft, letter, value);
  turn_off(draft, letter);
  return Turn::Done;
}

std::string_view value_form(char letter) {
  switch (letter) {
    case 'k':
      return "+k takes a token of at most 256 bytes";
    case 'l':
      return "+l takes a number of members, from 1 on";
    case 'S':
      return "+S takes seconds, from 1 to 21600";
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

/// A switch as it stands: `on`, and its value if it has one, which a token never shows.
struct Standing {
  bool on = false;
  std::string value;

  friend bool operator==(const Standing& a, const Standing& b) {
    return a.on == b.on && a.value == b.value;
  }
};

Standing standing_of(const ModeDraft& draft, char letter) {
  const Modes& modes = draft.modes;
  switch (letter) {
    case 'k':
      return {draft.has_token, "*"};
    case 'l':
      return {modes.limit != 0, std::to_string(modes.limit)};
    case 'S':
      return {modes.slow_s != 0, std::to_string(modes.slow_s)};
    case 'H':
      return {modes.history.has_value(), std::to_string(modes.history.value_or(0))};
    default: {
      Modes copy = modes;
      return {*flag_of(copy, letter), {}};
    }
  }
}

/// What differs, in the order in which `letters` name it first. That a token is the same one as
/// before is nobody's business: it always counts as another.
std::string difference(const ModeDraft& before, const ModeDraft& after, std::string_view letters) {
  std::string shown;
  std::string values;
  char sign = '\0';
  std::string seen = "+-";
  for (const char letter : letters) {
    if (seen.find(letter) != std::string::npos) continue;
    seen += letter;
    const Standing now = standing_of(after, letter);
    const bool new_token = letter == 'k' && after.token.has_value();
    if (now == standing_of(before, letter) && !new_token) continue;
    const char wanted = now.on ? '+' : '-';
    if (sign != wanted) shown += wanted;
    sign = wanted;
    shown += letter;
    if (now.on && takes_value(letter)) values += ' ' + now.value;
  }
  return shown + values;
}

}  // namespace

Result<ModeDraft> apply_changes(Context& ctx, std::string_view changes, const ModeDraft& before) {
  std::string_view values = changes;
  const std::string_view letters = take_word(values);
  ModeDraft draft = before;
  bool on = true;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const char letter = letters[i];
    if (letter == '+' || letter == '-') {
      on = letter == '+';
      continue;
    }
    const bool wants = on && takes_value(letter);
    switch (turn(draft, letter, on, wants ? take_word(values) : std::string_view{})) {
      case Turn::Done:
        break;
      case Turn::BadValue:
        return ctx.fail(Failure::InvalidValue, {letters.substr(i, 1)}, value_form(letter));
      case Turn::Unknown:
        return ctx.fail(Failure::UnknownMode, {whole_letter(letters.substr(i))});
    }
  }
  if (!take_word(values).empty()) {
    return ctx.fail(Failure::InvalidValue, {"values"}, "More values than these modes take");
  }
  draft.shown = difference(before, draft, letters);
  return draft;
}

}  // namespace signaller::commands
