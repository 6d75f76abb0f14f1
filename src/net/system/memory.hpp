// How much memory the process has taken, and how much there is.
#pragma once

#include <cstddef>
#include <string>

namespace signaller::net {

/// Resident memory in bytes, as the system counts it (proc(5)); 0 where it does not tell.
std::size_t resident_bytes();

/// What the process may take: the machine's memory, or what its control group allows if that is
/// less, in bytes.
std::size_t available_bytes();

/// The watermark in bytes: `configured`, or with 0 three quarters of what was available when it was
/// asked for first.
std::size_t memory_watermark(std::size_t configured);

/// What is free in the heap, but not given back to the system, or given back page by page; bytes.
std::size_t free_bytes();

/// Gives what is free in the heap back to the system. Whoever allocates waits meanwhile: about
/// 0.2 ms for each MiB.
void trim_heap();

/// Lets the heap grow in large steps, and shrink by trim_heap() alone. Each step, like each
/// mapping, takes the lock of the process's whole memory map, and whoever checks a password holds
/// that for tens of ms while its 64 MiB are made: a loop that grew page by page would wait for it
/// each time. For the process, before its threads start.
void steady_heap();

/// Tells when trim_heap() is worth its price: when a crowd, or an attack, has been gone for half a
/// minute; else once a minute at most, so that one which stays is not given the pauses as well.
class Trimming {
 public:
  /// Asked each five seconds.
  /// @param resident,free  bytes; free: what free_bytes() says
  /// @return whether to trim now; then follows done()
  bool due(std::size_t resident, std::size_t free, std::size_t connections);
  /// @param free  what due() was given
  void done(std::size_t free);

 private:
  std::size_t given_back_ = 0;  ///< of what is free: not used since it was given back
  std::size_t most_ = 0;        ///< connections that there were; half of it is forgotten each time
  unsigned calm_ = 0;           ///< looks in a row that saw half of that at most
  unsigned looks_ = 0;          ///< since then
};

}  // namespace signaller::net
