// The subcommands `signaller inspect` and `signaller gc`, for operators.
#pragma once

#include <cstddef>
#include <string>

#include "config/load.hpp"

namespace signaller {

struct ToolOptions {
  std::string prefix;   ///< empty: the configured prefix
  std::string timeout;  ///< duration; empty: the configured timeout
  bool json = false;
  std::size_t channels = 20;  ///< maximum number of channels that inspect lists
  std::size_t ghosts = 20;    ///< maximum number of sessions that inspect lists
  std::size_t keys = 20;      ///< maximum number of removals of each kind that gc lists
  bool dry_run = false;       ///< gc removes nothing, but lists what it would remove
  bool corrupt = false;       ///< gc removes unreadable data too
};

/// Output and exit code of a tool.
struct ToolResult {
  enum Code : int {
    Fine = 0,
    Failed = 1,  ///< the tool failed; `error` contains the reason
    Faulty = 2,  ///< the tool has finished, but the store has faults
  };
  std::string out;  ///< text for standard output
  std::string error;
  Code code = Fine;
};

using Tool = ToolResult (*)(const ConfigSources&, const ToolOptions&);

/// Inspects the configured store. Blocks; call on the main thread.
/// @throws std::runtime_error  if the configuration is invalid
ToolResult inspect_store(const ConfigSources& sources, const ToolOptions& options);
/// Removes garbage from the configured store. Blocks; call on the main thread.
/// @throws std::runtime_error  if the configuration is invalid
ToolResult collect_garbage(const ConfigSources& sources, const ToolOptions& options);

}  // namespace signaller
