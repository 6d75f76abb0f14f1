// toml++ 3.3. Its parser asserts what a malformed file breaks (`[&`), and with NDEBUG the compiler
// may then do anything; here that is an exception in every kind of build.
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
