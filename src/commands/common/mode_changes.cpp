#include "commands/common/mode_changes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "irc/modes.hpp"
#include "irc/text/text.hpp"

namespace signaller::commands {
namespace {

using irc::Failure;
using irc::ModeInfo;
using irc::ModeKind;

/// Sets one mode. Returns false if the mode cannot have that value. The value of a flag is empty.
bool turn_on(ModeDraft& draft, const ModeInfo& mode, std::string_view value) {
  switch (mode.kind) {
    case ModeKind::Flag:
      draft.modes.*mode.flag = true;
      return true;
    case ModeKind::Number: {
      const auto number = irc::parse_number(value);
      if (!number || *number < mode.least || *number > mode.most) return false;
      draft.modes.*mode.number = static_cast<std::uint32_t>(*number);
      return true;
    }
    case ModeKind::Token:
      if (value.empty() || value.size() > mode.most) return false;
      draft.token = value;
      draft.has_token = true;
      return true;
  }
  return false;
}

void turn_off(ModeDraft& draft, const ModeInfo& mode) {
  switch (mode.kind) {
    case ModeKind::Flag:
      draft.modes.*mode.flag = false;
      break;
    case ModeKind::Number:
      (draft.modes.*mode.number).reset();
      break;
    case ModeKind::Token:
      draft.token.reset();
      draft.has_token = false;
      break;
  }
}

std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

/// The letter at the beginning of `text`: one UTF-8 sequence.
std::string_view whole_letter(std::string_view text) {
  std::size_t bytes = 1;
  while (bytes < text.size() && irc::cut_utf8(text, bytes).empty()) ++bytes;
  return text.substr(0, bytes);
}

/// A mode as members see it: whether it is set, and its value. The value of a token is never shown.
struct Setting {
  bool on = false;
  std::string value;

  friend bool operator==(const Setting& a, const Setting& b) {
    return a.on == b.on && a.value == b.value;
  }
};

Setting setting_of(const ModeDraft& draft, const ModeInfo& mode) {
  switch (mode.kind) {
    case ModeKind::Flag:
      return {draft.modes.*mode.flag, {}};
    case ModeKind::Number: {
      const auto& number = draft.modes.*mode.number;
      return {number.has_value(), number ? std::to_string(*number) : std::string()};
    }
    case ModeKind::Token:
      return {draft.has_token, "*"};
  }
  return {};
}

/// The changes from `before` to `after`, as ModeDraft::shown, in the order in which `letters` first
/// names the modes. A new token is shown even if it equals the old one: members must not learn
/// whether the two are equal.
std::string difference(const ModeDraft& before, const ModeDraft& after, std::string_view letters) {
  std::string shown;
  std::string values;
  char sign = '\0';
  std::string seen = "+-";
  for (const char letter : letters) {
    if (seen.find(letter) != std::string::npos) continue;
    seen += letter;
    const ModeInfo* mode = irc::find_mode(letter);
    if (mode == nullptr) continue;
    const Setting now = setting_of(after, *mode);
    const bool new_token = mode->kind == ModeKind::Token && after.token.has_value();
    if (now == setting_of(before, *mode) && !new_token) continue;
    const char wanted = now.on ? '+' : '-';
    if (sign != wanted) shown += wanted;
    sign = wanted;
    shown += letter;
    if (now.on && !now.value.empty()) values += ' ' + now.value;
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
    const ModeInfo* mode = irc::find_mode(letter);
    if (mode == nullptr) {
      return ctx.fail(Failure::UnknownMode, {whole_letter(letters.substr(i))});
    }
    if (!on) {
      turn_off(draft, *mode);
      continue;
    }
    const bool takes_value = mode->kind != ModeKind::Flag;
    if (!turn_on(draft, *mode, takes_value ? take_word(values) : std::string_view{})) {
      return ctx.fail(Failure::InvalidValue, {letters.substr(i, 1)},
                      fmt::format("+{} takes {}", letter, mode->value));
    }
  }
  if (!take_word(values).empty()) {
    return ctx.fail(Failure::InvalidValue, {"values"},
                    "There are more values than these modes take");
  }
  draft.shown = difference(before, draft, letters);
  return draft;
}

}  // namespace signaller::commands
