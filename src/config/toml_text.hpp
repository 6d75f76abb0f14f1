// What toml++ 3.3 takes for granted and a malformed file does not grant (toml.hpp).
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string_view>

namespace signaller {

/// The parser has met what it did not expect; it does not say where.
struct TomlBreach : std::logic_error {
  using std::logic_error::logic_error;
};
/// Throws it. In a few places of toml++ nothing may be thrown: there it ends the process.
[[noreturn]] void toml_breach();

/// The first line with a character, outside of quotes and comments, that TOML knows only within
/// these; 0: there is none.
std::size_t odd_line(std::string_view text);

}  // namespace signaller
