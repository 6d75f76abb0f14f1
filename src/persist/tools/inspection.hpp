// The offline tools live in this folder: they inspect a store and remove garbage, each over a
// connection of its own. Nothing here may depend on a running server or on net/; the command line
// and its output belong to cli/. A tool blocks the thread that calls it and runs its own loop
// there.
// This header reads a store without the lease and without changes, also while a server runs on it.
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

/// The contents of a store. Anybody may have written the data: neither trust it nor print it
/// unescaped.
struct Inspection {
  std::string problem;  ///< reason of the failure; empty: success
  std::string redis_version;
  std::uint64_t redis_memory = 0;     ///< bytes of memory that Redis uses for all its data
  std::uint64_t redis_maxmemory = 0;  ///< maxmemory in bytes; 0: unlimited
  std::vector<std::string> warnings;  ///< settings with which Redis may lose confirmed writes
  std::optional<std::string> schema;
  std::optional<std::string> fingerprint;  ///< fingerprint of the secret key
  std::optional<std::string> filled;       ///< value of `filled`: the server start that wrote last
  bool sealed = false;                     ///< the server that wrote last has shut down cleanly
  std::optional<LeaseStatus> lease;
  port::Snapshot snapshot;
  /// Data that a server would leave out at its start: one printable line each, beginning with the
  /// key.
  std::vector<std::string> faults;
};

/// Checks whether a server could restore the records. Returns one line for each record that it
/// could not restore: the key without its prefix, and the reason, in printable characters.
using RestoreCheck = std::function<std::vector<std::string>(const port::Snapshot&)>;

/// Reads everything. Takes as much time and memory as the start of a server. Ignores `boot`,
/// `key_fingerprint` and `lease_ttl` of the options. Blocks the calling thread.
Inspection inspect(const RedisOptions& options, const RestoreCheck& check);

}  // namespace signaller::persist
