// The arguments of a line, assigned to the slots of its command.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "commands/grammar/usage.hpp"

namespace signaller::commands {

/// The arguments are views into the line. An argument that was not given is empty.
class Args {
 public:
  /// Fills the slots from left to right with the words of `line`, starting at byte `from`, which is
  /// after the command's name. An optional slot stays empty if the next word does not have the form
  /// of the slot. Returns nothing if a required slot stays empty or a word is left over.
  ///
  /// One or more spaces separate arguments; a text begins after one space. The last argument takes
  /// the rest of the line; unless it is a text, spaces at its end are dropped.
  static std::optional<Args> fill(const Shape& shape, std::string_view line, std::size_t from);

  std::string_view operator[](std::size_t i) const { return values_[i]; }
  [[nodiscard]] bool has(std::size_t i) const { return !values_[i].empty(); }
  /// The offset of an argument that was given, in bytes from the beginning of the line.
  [[nodiscard]] std::size_t offset(std::size_t i) const {
    return static_cast<std::size_t>(values_[i].data() - line_.data());
  }

 private:
  std::string_view line_;
  std::array<std::string_view, MaxSlots> values_{};
};

}  // namespace signaller::commands
