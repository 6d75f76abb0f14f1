// Merges the sources of a configuration: the file, then the environment, then the command line, and
// the secrets in separate files. Used at the start and at each reload.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "port/protocol.hpp"

namespace signaller {

/// The options of the command line and the environment. Constant while the process runs.
struct ConfigSources {
  std::string file;                   ///< --config; empty: the default places
  bool no_file = false;               ///< ignores the default places too
  std::vector<std::string> listen;    ///< --listen
  std::string store;                  ///< --store
  std::string operations;             ///< --operations
  std::vector<std::string> settings;  ///< --set
  std::vector<std::pair<std::string, std::string>> environment;  ///< all SIGNALLER_… variables
};

/// Values that may lie in separate files. Never printed.
struct Secrets {
  std::string password;                              ///< the token that /descp needs; empty: none
  std::vector<commands::OperatorOptions> operators;  ///< [[operator]] tables of all files
};

struct LoadedConfig {
  Config config;
  Secrets secrets;
  std::string file;  ///< the file that was read; empty: none
};

/// Returns the SIGNALLER_… variables of an environment such as `environ`, without those that the
/// project's scripts and Kubernetes set.
std::vector<std::pair<std::string, std::string>> signaller_variables(char** environment);

/// Loads and checks everything but `secrets`: reads no file but the configuration.
/// @throws std::runtime_error  names the problem and its place
LoadedConfig load_settings(const ConfigSources& sources);
/// Loads and checks everything, secrets included.
/// @throws std::runtime_error  names the problem and its place
LoadedConfig load_config(const ConfigSources& sources);

/// Restores in `fresh` the values of `running` that only a restart can change.
/// @return one entry per restored key, for the answer to a reload
std::vector<port::Stat> keep_fixed(const Config& running, Config& fresh);

}  // namespace signaller
