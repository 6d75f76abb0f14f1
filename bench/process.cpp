#include "process.hpp"

#include <sys/resource.h>

#include <ctime>
#include <fstream>
#include <string>

#include "clock.hpp"

namespace signaller::bench {

std::int64_t cpu_ns(pid_t pid) {
  clockid_t clock{};
  if (pid <= 0 || clock_getcpuclockid(pid, &clock) != 0) return 0;
  return clock_ns(clock);
}

std::int64_t own_cpu_ns() {
  return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

std::int64_t resident_bytes(pid_t pid) {
  std::ifstream rollup("/proc/" + std::to_string(pid) + "/smaps_rollup");
  std::string word;
  while (rollup >> word) {
    std::int64_t kib = 0;
    if (word == "Rss:" && rollup >> kib) return kib * 1024;
  }
  return 0;
}

void raise_descriptor_limit(std::uint64_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  const rlimit more{wanted, limit.rlim_max < wanted ? wanted : limit.rlim_max};
  if (setrlimit(RLIMIT_NOFILE, &more) == 0) return;
  limit.rlim_cur = limit.rlim_max;  // without privilege the hard limit is the maximum
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace signaller::bench
