#include "commands/grammar/args.hpp"

#include "commands/grammar/duration.hpp"

namespace signaller::commands {
namespace {

std::string_view without_leading_spaces(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? text.substr(text.size()) : text.substr(first);
}

std::string_view without_trailing_spaces(std::string_view text) {
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

bool fits(SlotKind kind, std::string_view word) {
  switch (kind) {
    case SlotKind::Channel:
      return word.front() == '#' || word == "*";
    case SlotKind::Number:
      return word.front() >= '0' && word.front() <= '9';
    case SlotKind::Duration:
      return begins_like_duration(word);
    case SlotKind::Word:
    case SlotKind::Text:
      return true;
  }
  return true;
}

}  // namespace

std::optional<Args> Args::fill(const Shape& shape, std::string_view line, std::size_t from) {
  Args args;
  args.line_ = line;
  std::string_view rest = line.substr(from);  // empty, or begins with a space
  for (std::size_t i = 0; i < shape.count; ++i) {
    const Slot slot = shape.slots[i];
    std::string_view& value = args.values_[i];
    if (slot.kind == SlotKind::Text) {
      if (!rest.empty()) value = rest.substr(1);
      rest = {};
    } else {
      const std::string_view words = without_leading_spaces(rest);
      const std::string_view word = words.substr(0, words.find(' '));
      const bool last = i + 1 == shape.count;
      if (!word.empty() && (slot.required || last || fits(slot.kind, word))) {
        value = last ? without_trailing_spaces(words) : word;
        rest = words.substr(value.size());
      }
    }
    if (slot.required && value.empty()) return std::nullopt;
  }
  if (!without_leading_spaces(rest).empty()) return std::nullopt;
  return args;
}

}  // namespace signaller::commands
