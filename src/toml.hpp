// toml++ 3.3, whose parser takes for granted what a malformed file does not grant: with NDEBUG the
// compiler may then do anything. Here `[&` is an exception in every kind of build, and characters
// that its tables do not foresee are looked for before.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string_view>

namespace signaller {

/// The parser has met what it did not expect; it does not say where.
struct TomlBreach : std::logic_error {
  using std::logic_error::logic_error;
};

/// The first line with a character, outside of quotes and comments, that TOML knows only within
/// these; 0: there is none.
std::size_t odd_line(std::string_view text);

}  // namespace signaller

#ifdef NDEBUG
#undef NDEBUG
#define SIGNALLER_WITHOUT_ASSERTIONS
#endif
#define TOML_ASSERT(expression) \
  (static_cast<bool>(expression) ? void() : throw ::signaller::TomlBreach("this is no TOML"))
#include <toml++/toml.h>
#ifdef SIGNALLER_WITHOUT_ASSERTIONS
#define NDEBUG
#endif
