// What is stored in a Redis, read without the lease and without changing anything: also while a
// server runs on it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "persist/redis/redis_options.hpp"
#include "persist/tools/tool_connection.hpp"
#include "port/records.hpp"

namespace signaller::persist {

/// Nothing in here is to be believed, or fit for a terminal: anybody may have written it.
struct Inspection {
  std::string problem;  ///< why the rest could not be read; empty: it was
  std::string redis_version;
  std::uint64_t redis_memory = 0;       ///< bytes, of all that this Redis holds
  std::uint64_t redis_most_memory = 0;  ///< 0: no bound
  std::vector<std::string> warnings;    ///< how this Redis may lose what it has confirmed
  std::optional<std::string> schema;
  std::optional<std::string> fingerprint;  ///< of the secret key
  std::optional<std::string> filled;       ///< which server's start has written last
  bool sealed = false;                     ///< that server has ended as it should
  std::optional<LeaseFound> lease;
  port::Snapshot snapshot;
  /// What a server would leave out at its start, one printable line each, the key first.
  std::vector<std::string> faults;
};

/// What a server would leave out of what it can read: each with its key, without the prefix, fit
/// for a terminal.
using Judge = std::function<std::vector<std::string>(const port::Snapshot&)>;

/// Reads all of it: takes as long and as much memory as the start of a server. `boot`,
/// `key_fingerprint` and `lease_ttl` of the options do not matter.
Inspection inspect(const RedisOptions& options, const Judge& judge);

}  // namespace signaller::persist
