// What the edge counts, and how it is told: facts for an answer to Question::Statistics.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "net/admission/connection_refusal.hpp"
#include "port/protocol.hpp"

namespace signaller::net {

/// Numbers by a code; those that are not in the list are counted together, as the last.
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
constexpr std::array<std::uint16_t, 15> HttpStatus{200, 400, 403, 404, 405, 408, 409, 413,
                                                   426, 429, 431, 500, 501, 503, 505};

/// What one shard has counted since its start. It counts in plain numbers of its own and shows
/// them here once a turn, so that any thread may read them.
struct alignas(64) ShardCounts {
  std::atomic<std::uint64_t> deliveries{0};
  std::atomic<std::uint64_t> shed{0};
  std::atomic<std::uint64_t> too_slow{0};
  std::atomic<std::uint64_t> refused{0};   ///< requests answered with an HTTP error
  std::atomic<std::uint64_t> messages{0};  ///< text messages that came in
  std::atomic<std::uint64_t> received{0};  ///< bytes that came in
  std::atomic<std::uint64_t> tls_failures{0};
  std::array<std::atomic<std::uint64_t>, CloseCodes.size() + 1> closes{};
  std::array<std::atomic<std::uint64_t>, HttpStatus.size() + 1> answers{};
};

/// What the listeners have counted. Any thread.
struct AdmissionCounts {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};  ///< turned away without being read
  /// Whoever might not come, however it was told; by Refusal::Why.
  std::array<std::atomic<std::uint64_t>, ConnectionRefusal::WhyCount> refusals{};

  void count(const ConnectionRefusal& refusal) {
    if (refusal) ++refusals[static_cast<std::size_t>(refusal.why)];
  }
};

void add_stats(std::vector<port::Stat>& stats, const port::StoreStatus& status);
/// Resident memory, as the system counts it.
void add_process_stats(std::vector<port::Stat>& stats);

}  // namespace signaller::net
