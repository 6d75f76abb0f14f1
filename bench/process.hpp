// What the kernel knows of a process: its processor time and its memory.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace signaller::bench {

/// All threads of the process, user and system, in ns; 0 if there is no such process.
std::int64_t cpu_ns(pid_t pid);
std::int64_t own_cpu_ns();

/// Resident bytes, counted page by page (/proc/PID/smaps_rollup); 0 if it cannot be read.
std::int64_t resident_bytes(pid_t pid);

/// Lets this process have so many descriptors, as far as it may.
void raise_descriptor_limit(std::uint64_t wanted);

}  // namespace signaller::bench
