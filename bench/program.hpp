// The common part of the main functions: prints exceptions and returns the exit code.
#pragma once

#include <cstdio>
#include <exception>

namespace signaller::bench {

/// Calls `run` and prints its exceptions on standard error.
/// @param name  name of the program, for the error message
/// @return the exit code, 2 after an exception
inline int guarded(const char* name, int (*run)(int argc, char** argv), int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    (void)std::fprintf(stderr, "%s: %s\n", name, error.what());
    return 2;
  }
}

}  // namespace signaller::bench
