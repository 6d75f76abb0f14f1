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
  bool dry_run = false;  ///< true: only plans the removals; needs no lease
  bool corrupt = false;  ///< true: also removes unreadable data
  std::int64_t now_ms = 0;
  /// Called before waiting for a lease to expire. Gets a text for the user.
  std::function<void(const std::string&)> on_wait;
};

struct GcResult {
  std::string problem;      ///< reason of the failure; empty: success
  GcPlan plan;              ///< the planned removals; empty if the run failed before planning
  std::size_t removed = 0;  ///< number of planned removals that took effect: the first ones
  std::optional<LeaseStatus> lease;  ///< the lease as found at the start
};

/// Removes garbage. Holds the lease while it writes, fenced like a server, so it never runs beside
/// a server. Deletes `filled` with the first removal: a server that was disconnected from Redis
/// meanwhile writes everything again. Blocks the calling thread.
GcResult collect_garbage(const RedisOptions& options, const GcOptions& gc_options);

}  // namespace signaller::persist
