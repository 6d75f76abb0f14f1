// System calls that fail when a test wants it: the linker leads the edge's calls through here.
// Only the thread that asks for it gets faults; clients of the same process do not.
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

namespace signaller::net::faults {

/// What may become of one call, instead of what it would do.
struct Plan {
  unsigned one_in = 0;        ///< of so many calls one is hit; 0: none
  std::vector<int> errors;    ///< one of these, as errno says it
  bool may_be_short = false;  ///< or it does its work with a single byte
};

/// For the thread that calls it, from here on.
void inject(std::uint32_t seed);
/// The plans of all threads that inject. Change them only while none of them runs calls, or
/// before.
struct Plans {
  Plan receive;
  Plan send;
  Plan accept;
};
extern Plans plans;
/// Faults that were met, by all threads.
extern std::atomic<std::uint64_t> met;

}  // namespace signaller::net::faults
