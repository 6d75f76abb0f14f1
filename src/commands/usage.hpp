// The usage string of a command is its arity: `<peer> [#channel] [reason...]`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace signaller::commands {

/// What an argument must look like to be taken for an optional one.
enum class SlotKind : std::uint8_t {
  Word,     ///< anything up to the next space
  Channel,  ///< `[#…]`: only a word that begins with `#`, or `*`
  Number,   ///< `[limit]`: only a word that begins with a digit
  Text,     ///< `…...`: the rest of the line as it stands
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
  return name == "limit" ? SlotKind::Number : SlotKind::Word;
}

/// Reads a usage string. One that is ill-formed does not compile.
constexpr Shape parse_usage(std::string_view usage) {
  Shape shape;
  while (!usage.empty()) {
    const char open = usage.front();
    const std::size_t close = usage.find(open == '<' ? '>' : ']');
    if ((open != '<' && open != '[') || close == std::string_view::npos || close < 2) {
      throw std::logic_error("usage: <required> or [optional]");
    }
    if (shape.count == MaxSlots) throw std::logic_error("usage: too many arguments");
    const Slot slot{slot_kind(usage.substr(1, close - 1)), open == '<'};
    shape.slots[shape.count++] = slot;
    usage.remove_prefix(close + 1);
    if (usage.empty()) break;
    if (usage.front() != ' ') throw std::logic_error("usage: one space between arguments");
    usage.remove_prefix(1);
    if (usage.empty() || slot.kind == SlotKind::Text) {
      throw std::logic_error("usage: text comes last");
    }
  }
  return shape;
}

}  // namespace signaller::commands
