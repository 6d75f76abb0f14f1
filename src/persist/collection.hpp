// Removes from a Redis what nobody can reach any more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "persist/redis_options.hpp"
#include "persist/redis_visit.hpp"
#include "persist/sweep.hpp"

namespace signaller::persist {

struct CollectionOptions {
  bool dry_run = false;  ///< look only: then it needs no lease
  bool corrupt = false;  ///< what cannot be read goes as well
  std::int64_t now_ms = 0;
  /// Told before it waits for a lease to run out, in words.
  std::function<void(const std::string&)> on_wait;
};

struct Collected {
  std::string problem;      ///< why it did not come to its end; empty: it did
  Sweep sweep;              ///< what there is to be removed; empty if that is not known
  std::size_t removed = 0;  ///< so many of the sweep's removals, the first ones, have taken effect
  std::optional<LeaseFound> lease;  ///< who had the store when it began
};

/// Writes with the lease only, fenced like a server: not while one runs. Then it also deletes
/// `filled`, so that a server that was away from Redis meanwhile writes everything again.
Collected collect(const RedisOptions& options, const CollectionOptions& how);

}  // namespace signaller::persist
