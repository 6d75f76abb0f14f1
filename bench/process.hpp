// Processor time and memory of a process.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace signaller::bench {

/// Processor time of all threads, user and system, in ns; 0 if the process does not exist.
std::int64_t cpu_ns(pid_t pid);
std::int64_t own_cpu_ns();

/// Resident bytes from /proc/PID/smaps_rollup; 0 if it cannot be read.
std::int64_t resident_bytes(pid_t pid);

/// Raises the limit of descriptors of this process as far as the system permits.
void raise_descriptor_limit(std::uint64_t wanted);

}  // namespace signaller::bench
