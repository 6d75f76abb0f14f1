// Memory of the process and of the machine.
#pragma once

#include <cstddef>
#include <string>

namespace signaller::net {

/// Resident memory in bytes (proc(5)); 0 if the system does not report it.
std::size_t resident_bytes();

/// The memory in bytes that the process may use: the machine's memory, or the limit of its control
/// group if that is less.
std::size_t available_bytes();

/// The watermark in bytes: `configured`, or, if `configured` is 0, three quarters of the memory
/// that was available at the first call.
std::size_t memory_watermark(std::size_t configured);

/// The number of free bytes in the heap, including pages that were returned to the system.
std::size_t free_bytes();

/// Returns free memory of the heap to the system. Allocations wait meanwhile, about 0.2 ms for each
/// MiB.
void trim_heap();

/// Makes the heap grow in large steps, and shrink by trim_heap() alone. Each step takes the
/// process-wide lock of the memory map, like `mmap`. An argon2id check holds that lock for tens of
/// milliseconds, and a loop whose heap grew page by page would wait for the lock each time. Affects
/// the whole process; call it before threads start.
void steady_heap();

/// Decides when trim_heap() is worth its pause: half a minute after most connections have gone;
/// otherwise at most once a minute, because each pause delays the remaining clients.
class Trimming {
 public:
  /// Call it every five seconds.
  /// @param resident,free  bytes; `free` from free_bytes()
  /// @return whether to call trim_heap() now; call done() afterwards
  bool due(std::size_t resident, std::size_t free, std::size_t connections);
  /// @param free  the value that due() got
  void done(std::size_t free);

 private:
  /// Free bytes that were returned to the system and are unused since.
  std::size_t given_back_ = 0;
  std::size_t most_ = 0;  ///< the highest number of connections; halved at each trim
  unsigned calm_ = 0;     ///< calls in a row with at most half of `most_` connections
  unsigned looks_ = 0;    ///< calls since the last trim
};

}  // namespace signaller::net
