// System calls that fail on request of a test: the linker redirects the system calls of the edge to
// this file. Only threads that called inject() get faults; clients in the same process do not.
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

namespace signaller::net::faults {

/// The faults that one system call may meet.
struct Plan {
  unsigned one_in = 0;        ///< one of this many calls meets a fault; 0: no faults
  std::vector<int> errors;    ///< values of errno; one of them is chosen
  bool may_be_short = false;  ///< the fault may also be a transfer of a single byte
};

/// Injects faults into the calling thread from now on.
void inject(std::uint32_t seed);
/// The plans for all threads that inject. Change them only while none of these threads makes
/// system calls.
struct Plans {
  Plan receive;
  Plan send;
  Plan accept;
};
extern Plans plans;
/// The number of injected faults, of all threads.
extern std::atomic<std::uint64_t> met;

}  // namespace signaller::net::faults
