// A fixed number of iterations, so that instructions can be counted: scripts/bench-instructions.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdlib>

namespace signaller::bench {

/// For `BENCHMARK(...)->Apply(fixed)`: runs SIGNALLER_BENCH_ITERATIONS iterations. If that variable
/// of the environment is not set, Google Benchmark chooses the number.
inline void fixed(benchmark::internal::Benchmark* measured) {
  const char* const iterations = std::getenv("SIGNALLER_BENCH_ITERATIONS");
  if (iterations != nullptr) measured->Iterations(std::strtoll(iterations, nullptr, 10));
}

}  // namespace signaller::bench
