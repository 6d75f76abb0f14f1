// Removes unreachable data from a store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "persist/redis/redis_options.hpp"
#include "persist/tools/gc_plan.hpp"
#include "persist/tools/tool_connection.hpp"

namespace signaller::persist {

struct GcOptions {
  bool dry_run = false;  ///< plan only; needs no lease
  bool corrupt = false;  ///< remove unreadable data too
  std::int64_t now_ms = 0;
  /// Called before waiting for a lease to expire. Gets one sentence.
  std::function<void(const std::string&)> on_wait;
};

struct GcResult {
  std::string problem;      ///< why it failed; empty: it succeeded
  GcPlan plan;              ///< the removals; empty if it failed before planning
  std::size_t removed = 0;  ///< number of removals of the plan that took effect: the first ones
  std::optional<LeaseStatus> lease;  ///< the lease as found at the start
};

/// Holds the lease while it writes, fenced like a server, so it never runs beside one. Deletes
/// `filled` with the first removal: a server that was disconnected from Redis meanwhile writes
/// everything again. Blocks the calling thread.
GcResult collect_garbage(const RedisOptions& options, const GcOptions& gc_options);

}  // namespace signaller::persist
