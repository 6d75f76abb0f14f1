// The arguments of a line, put into the slots of its command.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "commands/grammar/usage.hpp"

namespace signaller::commands {

/// Views into the line; what was not given is empty.
class Args {
 public:
  /// Fills the slots from left to right with what follows the command's name in `line`, from
  /// byte `from` on. An optional slot that does not fit is left empty. Nothing, if a required
  /// one stays empty or something is left over.
  ///
  /// Arguments are parted by one space or more; text begins after one. The last argument takes
  /// the rest of the line; if it is no text, without the spaces at its end.
  static std::optional<Args> fill(const Shape& shape, std::string_view line, std::size_t from);

  std::string_view operator[](std::size_t i) const { return values_[i]; }
  [[nodiscard]] bool has(std::size_t i) const { return !values_[i].empty(); }
  /// Where an argument that was given begins, in bytes from the first of the line.
  [[nodiscard]] std::size_t offset(std::size_t i) const {
    return static_cast<std::size_t>(values_[i].data() - line_.data());
  }

 private:
  std::string_view line_;
  std::array<std::string_view, MaxSlots> values_{};
};

}  // namespace signaller::commands
