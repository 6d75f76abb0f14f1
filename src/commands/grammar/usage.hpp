// Parses the usage string of a command, such as `<peer> [#channel] [reason...]`. The string defines
// the arity. A bare `#channel` is required.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace signaller::commands {

/// The kind of a slot. A word fills an optional slot only if it has the form of that kind. The last
/// slot takes any word, so that the command can say what is wrong with the word.
enum class SlotKind : std::uint8_t {
  Word,      ///< anything up to the next space
  Channel,   ///< `[#…]`: only `*`, or a word that begins with `#`
  Number,    ///< `[limit]`: only a word that begins with a digit
  Duration,  ///< `[duration]`: only a word that begins with a digit or a sign
  Text,      ///< `…...`: the rest of the line, unchanged
};

struct Slot {
  SlotKind kind = SlotKind::Word;
  bool required = false;
};

constexpr std::size_t MaxSlots = 4;

struct Shape {
  std::array<Slot, MaxSlots> slots{};
  std::size_t count = 0;
};

constexpr SlotKind slot_kind(std::string_view name) {
  if (name.size() > 3 && name.substr(name.size() - 3) == "...") return SlotKind::Text;
  if (name.front() == '#') return SlotKind::Channel;
  if (name == "duration") return SlotKind::Duration;
  return name == "limit" ? SlotKind::Number : SlotKind::Word;
}

/// Parses one argument of a usage string: `<required>`, `[optional]`, or a bare `#channel`, which
/// is required.
constexpr Slot parse_slot(std::string_view word) {
  if (word.front() == '#') return {SlotKind::Channel, true};
  const bool required = word.front() == '<' && word.back() == '>';
  const bool optional = word.front() == '[' && word.back() == ']';
  if (word.size() < 3 || (!required && !optional)) {
    throw std::logic_error("usage: <required>, [optional] or #channel");
  }
  return {slot_kind(word.substr(1, word.size() - 2)), required};
}

/// The end of the first argument of a usage string. An argument in brackets may contain spaces.
constexpr std::size_t slot_end(std::string_view usage) {
  const std::size_t end = usage.front() == '[' ? usage.find("] ") : usage.find(' ');
  if (end == std::string_view::npos) return usage.size();
  return usage.front() == '[' ? end + 1 : end;
}

/// Parses a usage string. An ill-formed string does not compile.
constexpr Shape parse_usage(std::string_view usage) {
  Shape shape;
  while (!usage.empty()) {
    if (shape.count == MaxSlots) throw std::logic_error("usage: too many arguments");
    const std::size_t end = slot_end(usage);
    const Slot slot = parse_slot(usage.substr(0, end));
    shape.slots[shape.count++] = slot;
    if (end == usage.size()) break;
    if (slot.kind == SlotKind::Text || end + 1 == usage.size()) {
      throw std::logic_error("usage: text comes last");
    }
    usage.remove_prefix(end + 1);
  }
  return shape;
}

}  // namespace signaller::commands
