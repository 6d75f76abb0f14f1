// `signaller inspect` and `signaller gc`: what an operator does with a store from outside.
#pragma once

#include <cstddef>
#include <string>

#include "config/load.hpp"

namespace signaller {

struct ToolOptions {
  std::string prefix;   ///< empty: the configured one
  std::string timeout;  ///< a duration; empty: the configured one
  bool json = false;
  std::size_t channels = 20;  ///< that inspect lists
  std::size_t ghosts = 20;    ///< likewise
  std::size_t keys = 20;      ///< of each kind that gc lists
  bool dry_run = false;       ///< of gc
  bool corrupt = false;       ///< of gc
};

/// How a tool ends.
struct ToolEnd {
  enum Code : int {
    Fine = 0,
    Failed = 1,  ///< and `error` says why
    Faulty = 2,  ///< it is done, and something should be looked at
  };
  std::string out;  ///< for standard output
  std::string error;
  Code code = Fine;
};

using Tool = ToolEnd (*)(const ConfigSources&, const ToolOptions&);

/// @throws std::runtime_error  what is wrong with the configuration
ToolEnd inspect_store(const ConfigSources& sources, const ToolOptions& options);
/// @throws std::runtime_error  what is wrong with the configuration
ToolEnd collect_garbage(const ConfigSources& sources, const ToolOptions& options);

}  // namespace signaller
