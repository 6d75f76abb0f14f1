// What the edge counts, and how it is told: facts for an answer to Question::Statistics.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "net/refusal.hpp"
#include "port/protocol.hpp"

namespace signaller::net {

/// What one shard has counted since its start. It counts in plain numbers of its own and shows
/// them here once a turn, so that any thread may read them.
struct alignas(64) ShardCounts {
  std::atomic<std::uint64_t> deliveries{0};
  std::atomic<std::uint64_t> shed{0};
  std::atomic<std::uint64_t> too_slow{0};
  std::atomic<std::uint64_t> refused{0};  ///< requests answered with an HTTP error
};

/// What the listeners have counted. Any thread.
struct DoorCounts {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};  ///< turned away without being read
  /// Whoever might not come, however it was told; by Refusal::Why.
  std::array<std::atomic<std::uint64_t>, Refusal::WhyCount> refusals{};

  void count(const Refusal& refusal) {
    if (refusal) ++refusals[static_cast<std::size_t>(refusal.why)];
  }
};

void add_facts(std::vector<port::Fact>& facts, const port::StoreStatus& status);
/// Resident memory, as the system counts it.
void add_process_facts(std::vector<port::Fact>& facts);

}  // namespace signaller::net
