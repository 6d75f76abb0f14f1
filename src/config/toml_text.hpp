// Guards against texts that violate assumptions of toml++ 3.3 (see toml.hpp).
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string_view>

namespace signaller {

/// An assertion of the parser failed; the line is unknown.
struct TomlBreach : std::logic_error {
  using std::logic_error::logic_error;
};
/// Throws TomlBreach. In a `noexcept` function of toml++ this ends the process, so odd_line() must
/// be called first.
[[noreturn]] void toml_breach();

/// Returns the number of the first line with a character that TOML allows only inside quotes and
/// comments; 0: no line has one.
std::size_t odd_line(std::string_view text);

}  // namespace signaller
