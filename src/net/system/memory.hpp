// Memory of the process and of the machine.
#pragma once

#include <cstddef>
#include <string>

namespace signaller::net {

/// Resident memory in bytes (proc(5)); 0 if the system does not tell it.
std::size_t resident_bytes();

/// Memory that the process may take, in bytes: the machine's memory, or the limit of its control
/// group if that is less.
std::size_t available_bytes();

/// The watermark in bytes: `configured`, or, if that is 0, three quarters of the memory that was
/// available at the first call.
std::size_t memory_watermark(std::size_t configured);

/// Free bytes in the heap. They include pages that were given back to the system.
std::size_t free_bytes();

/// Gives free memory of the heap back to the system. Allocations wait meanwhile, about 0.2 ms for
/// each MiB.
void trim_heap();

/// Makes the heap grow in large steps, and shrink by trim_heap() alone. Each step takes the
/// process-wide lock of the memory map, like `mmap`. An argon2id check holds that lock for tens of
/// milliseconds, and a loop that grew page by page would wait for it each time. For the whole
/// process, before its threads start.
void steady_heap();

/// Decides when trim_heap() is worth its pause: half a minute after most connections have gone,
/// otherwise at most once a minute, because each pause delays the remaining clients.
class Trimming {
 public:
  /// Called every five seconds.
  /// @param resident,free  bytes; `free` by free_bytes()
  /// @return whether to trim now; call done() after it
  bool due(std::size_t resident, std::size_t free, std::size_t connections);
  /// @param free  as given to due()
  void done(std::size_t free);

 private:
  std::size_t given_back_ = 0;  ///< free bytes that were given back and not used since
  std::size_t most_ = 0;        ///< highest number of connections; halved at each trim
  unsigned calm_ = 0;           ///< calls in a row with at most half of that
  unsigned looks_ = 0;          ///< calls since then
};

}  // namespace signaller::net
