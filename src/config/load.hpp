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
  std::string file;                   ///< --config; empty: the default files are tried
  bool no_file = false;               ///< true: if `file` is empty, no file is read
  std::vector<std::string> listen;    ///< values of --listen
  std::string store;                  ///< value of --store
  std::string operations;             ///< value of --operations
  std::vector<std::string> settings;  ///< values of --set
  /// All SIGNALLER_… variables of the environment.
  std::vector<std::pair<std::string, std::string>> environment;
};

/// Values that may lie in separate files. Never printed.
struct Secrets {
  std::string password;  ///< the token that /descp must contain; empty: none
  std::vector<commands::OperatorOptions> operators;  ///< the [[operator]] tables of all files
};

struct LoadedConfig {
  Config config;
  Secrets secrets;
  std::string file;  ///< the file that was read; empty: none
};

/// Returns the SIGNALLER_… variables of an environment such as `environ`, except those that the
/// project's scripts and Kubernetes set.
std::vector<std::pair<std::string, std::string>> signaller_variables(char** environment);

/// Loads and checks everything except `secrets`: reads no file besides the configuration.
/// @throws std::runtime_error  names the problem and its place
LoadedConfig load_settings(const ConfigSources& sources);
/// Loads and checks everything, including the secrets.
/// @throws std::runtime_error  names the problem and its place
LoadedConfig load_config(const ConfigSources& sources);

/// Restores in `fresh` the values of `running` that only a restart can change.
/// @return one entry per restored key, for the answer to a reload
std::vector<port::Stat> keep_fixed(const Config& running, Config& fresh);

}  // namespace signaller
