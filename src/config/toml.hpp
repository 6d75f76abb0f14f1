// Includes toml++ 3.3. A malformed file (`[&`) violates an assertion of its parser, and with NDEBUG
// the behaviour is then undefined. This header makes a violated assertion throw TomlBreach in every
// kind of build.
#pragma once

#include "config/toml_text.hpp"

#ifdef NDEBUG
#undef NDEBUG
#define SIGNALLER_WITHOUT_ASSERTIONS
#endif
#define TOML_ASSERT(expression) \
  (static_cast<bool>(expression) ? void() : ::signaller::toml_breach())
#include <toml++/toml.h>
#ifdef SIGNALLER_WITHOUT_ASSERTIONS
#define NDEBUG
#endif
