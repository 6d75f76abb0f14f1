// Removes from a Redis what nobody can reach any more.
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
  bool dry_run = false;  ///< look only: then it needs no lease
  bool corrupt = false;  ///< what cannot be read goes as well
  std::int64_t now_ms = 0;
  /// Told before it waits for a lease to run out, in words.
  std::function<void(const std::string&)> on_wait;
};

struct GcResult {
  std::string problem;      ///< why it did not come to its end; empty: it did
  GcPlan plan;              ///< what there is to be removed; empty if that is not known
  std::size_t removed = 0;  ///< so many of the sweep's removals, the first ones, have taken effect
  std::optional<LeaseFound> lease;  ///< who had the store when it began
};

/// Writes with the lease only, fenced like a server: not while one runs. Then it also deletes
/// `filled`, so that a server that was away from Redis meanwhile writes everything again.
GcResult collect_garbage(const RedisOptions& options, const GcOptions& how);

}  // namespace signaller::persist
