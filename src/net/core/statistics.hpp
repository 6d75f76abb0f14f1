// The counters of the edge, and the statistics for QueryKind::Statistics.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "net/admission/connection_refusal.hpp"
#include "port/protocol.hpp"

namespace signaller::net {

/// A counter is read and written alone, so its order among other reads and writes does not matter.
constexpr auto Relaxed = std::memory_order_relaxed;

/// Counters by code. All codes that are not in the list share the last counter.
template <std::size_t Size>
struct CodeCounts {
  const std::array<std::uint16_t, Size>& codes;
  std::array<std::uint64_t, Size + 1> counts{};

  void add(std::uint16_t code) {
    std::size_t i = 0;
    while (i < Size && codes[i] != code) ++i;
    ++counts[i];
  }
};

constexpr std::array<std::uint16_t, 19> CloseCodes{1000, 1001, 1002, 1003, 1005, 1006, 1007,
                                                   1008, 1009, 1012, 3008, 3012, 3013, 3502,
                                                   3503, 3504, 3505, 3507, 3508};
constexpr std::array<std::uint16_t, 16> HttpStatus{200, 400, 403, 404, 405, 408, 409, 413,
                                                   414, 426, 429, 431, 500, 501, 503, 505};

/// The counters of one shard since the start. The shard counts in plain numbers and copies them
/// here once per turn, so that any thread may read them.
struct alignas(64) ShardCounts {
  std::atomic<std::uint64_t> deliveries{0};
  std::atomic<std::uint64_t> shed{0};
  std::atomic<std::uint64_t> too_slow{0};
  std::atomic<std::uint64_t> refused{0};  ///< requests that were answered with an HTTP error
  /// Respond effects whose request had an answer already
  std::atomic<std::uint64_t> stale_answers{0};
  std::atomic<std::uint64_t> messages{0};  ///< messages received
  std::atomic<std::uint64_t> received{0};  ///< bytes received
  std::atomic<std::uint64_t> tls_failures{0};
  std::atomic<std::uint64_t> request_bytes{0};  ///< bytes that HTTP requests hold now
  std::array<std::atomic<std::uint64_t>, CloseCodes.size() + 1> closes{};
  std::array<std::atomic<std::uint64_t>, HttpStatus.size() + 1> answers{};
};

/// The counts of the listeners. Any thread.
struct AdmissionCounts {
  std::atomic<std::uint64_t> accepted{0};
  /// Connections that were closed before anything was read from them.
  std::atomic<std::uint64_t> refused{0};
  /// The number of refused connections for each ConnectionRefusal::Reason.
  std::array<std::atomic<std::uint64_t>, ConnectionRefusal::ReasonCount> refusals{};

  void count(const ConnectionRefusal& refusal) {
    if (refusal) ++refusals[static_cast<std::size_t>(refusal.why)];
  }
};

void add_stats(std::vector<port::Stat>& stats, const port::StoreStatus& status);
/// Adds statistics about the resident memory of the process.
void add_process_stats(std::vector<port::Stat>& stats);

}  // namespace signaller::net
