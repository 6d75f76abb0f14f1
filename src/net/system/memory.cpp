#include "net/system/memory.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>

namespace signaller::net {
namespace {

/// Reads a limit from a file of a control group. "max", or a missing file, means no limit.
std::size_t limit_in(const char* path) {
  std::size_t limit = 0;
  return std::ifstream(path) >> limit ? limit : std::numeric_limits<std::size_t>::max();
}

/// Returns the smallest memory limit of this process's control group and of all groups above it
/// (cgroups(7)). The line of a group in /proc/self/cgroup is `0::/a/b` in version 2,
/// `5:memory:/a/b` in version 1.
std::size_t limit_of_groups() {
  std::size_t least = std::numeric_limits<std::size_t>::max();
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool unified = controllers.empty();
    if (!unified && controllers != "memory") continue;
    const std::string root = unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    const char* const file = unified ? "/memory.max" : "/memory.limit_in_bytes";
    for (std::string path = line.substr(second + 1); !path.empty();
         path.erase(path.find_last_of('/'))) {
      if (path == "/") break;
      least = std::min(least, limit_in((root + path + file).c_str()));
    }
    least = std::min(least, limit_in((root + file).c_str()));
  }
  return least;
}

}  // namespace

/// Reads `size resident …`, in pages. Called often, so no stream is used.
std::size_t resident_bytes() {
  static const int descriptor = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  static const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  std::array<char, 128> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  if (size <= 0) return 0;
  const std::string_view line(text.data(), static_cast<std::size_t>(size));
  const std::size_t space = line.find(' ');
  std::size_t pages = 0;
  if (space != std::string_view::npos) {
    std::from_chars(line.data() + space + 1, line.data() + line.size(), pages);
  }
  return pages * page;
}

std::size_t available_bytes() {
  const auto pages = static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES));
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return std::min(pages * page, limit_of_groups());
}

std::size_t memory_watermark(std::size_t configured) {
  static const std::size_t available = available_bytes();
  return configured != 0 ? configured : available / 4 * 3;
}

#ifdef __GLIBC__
std::size_t free_bytes() {
  return ::mallinfo2().fordblks;
}
void trim_heap() {
  (void)::malloc_trim(0);
}
void steady_heap() {
  constexpr int MiB = 1 << 20;
  (void)::mallopt(M_TOP_PAD, 8 * MiB);
  (void)::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  (void)::mallopt(M_MMAP_THRESHOLD, 4 * MiB);
}
#else
// These functions do nothing without glibc: other allocators return memory to the system by
// themselves.
std::size_t free_bytes() {
  return 0;
}
void trim_heap() {}
void steady_heap() {}
#endif

bool Trimming::due(std::size_t resident, std::size_t free, std::size_t connections) {
  // a pause must free more than a tenth of the resident memory
  constexpr std::size_t Part = 10;
  constexpr std::size_t GonePart = 30;  // a thirtieth suffices once most clients have gone
  constexpr unsigned HalfAMinute = 6;
  constexpr unsigned Minute = 12;
  given_back_ = std::min(given_back_, free);
  most_ = std::max(most_, connections);
  calm_ = connections <= most_ / 2 ? calm_ + 1 : 0;
  // Waits half a minute after most clients have gone, because under attack clients come and go all
  // the time.
  const bool gone = calm_ >= HalfAMinute;
  const bool long_ago = ++looks_ >= Minute;
  return (gone || long_ago) && free - given_back_ > resident / (gone ? GonePart : Part);
}

/// Remembers how much was freed. Suspended peers are freed later than their connections, so
/// trimming may be useful several times after a crowd has gone.
void Trimming::done(std::size_t free) {
  given_back_ = free;
  most_ /= 2;
  calm_ = 0;
  looks_ = 0;
}

}  // namespace signaller::net
