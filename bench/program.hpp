// How a program of the bench begins and ends.
#pragma once

#include <cstdio>
#include <exception>

namespace signaller::bench {

/// Runs it; what it throws is told on standard error.
/// @param name  of the program, for that
/// @return its exit code, 2 if it threw
inline int guarded(const char* name, int (*run)(int argc, char** argv), int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    (void)std::fprintf(stderr, "%s: %s\n", name, error.what());
    return 2;
  }
}

}  // namespace signaller::bench
