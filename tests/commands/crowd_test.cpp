// Random histories of a crowd. Checks that every change of state has its line, that a client which
// resumes knows as much as a new one learns, and that no client misses a message or gets one twice.
// SIGNALLER_HISTORIES=20000 runs that many histories, SIGNALLER_HISTORY=17 only number 17.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/commands/crowd.hpp"

using signaller::tests::Crowd;

namespace {

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

}  // namespace

TEST(Crowd, EveryClientKnowsTheStateOfTheWorld) {
  constexpr int Steps = 150;
  const std::uint64_t only = number_of("SIGNALLER_HISTORY", 0);
  const std::uint64_t first = only == 0 ? 1 : only;
  const std::uint64_t last = only == 0 ? number_of("SIGNALLER_HISTORIES", 300) : only;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    Crowd crowd(seed);
    int step = 0;
    for (; step < Steps && crowd.report().empty(); ++step) crowd.step();
    if (crowd.report().empty()) crowd.end();
    ASSERT_TRUE(crowd.report().empty())
        << "history " << seed << ", step " << step << ": " << crowd.report();
  }
}
