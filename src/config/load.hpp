// Where a configuration comes from: file, then environment, then command line, and the files that
// these name. At start and again at each reload.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "port/protocol.hpp"

namespace signaller {

/// What the command line and the environment said; it does not change while the process runs.
struct ConfigSources {
  std::string file;                   ///< --config; empty: the usual places
  bool no_file = false;               ///< not even those
  std::vector<std::string> listen;    ///< --listen
  std::string store;                  ///< --store
  std::string operations;             ///< --operations
  std::vector<std::string> settings;  ///< --set
  std::vector<std::pair<std::string, std::string>> environment;  ///< all SIGNALLER_… variables
};

/// What lies in files of its own, beside the configuration: nothing of it is ever printed.
struct Secrets {
  std::string password;                              ///< what /descp must bring; empty: nothing
  std::vector<commands::OperatorOptions> operators;  ///< [[operator]] of all files
};

struct LoadedConfig {
  Config config;
  Secrets secrets;
  std::string file;  ///< that was read; empty: none
};

/// The SIGNALLER_… variables of an environment such as `environ`.
std::vector<std::pair<std::string, std::string>> signaller_variables(char** environment);

/// All but `secrets`: no file is read but the configuration.
/// @throws std::runtime_error  what is wrong, and where
LoadedConfig load_settings(const ConfigSources& sources);
/// @throws std::runtime_error  what is wrong, and where
LoadedConfig load_config(const ConfigSources& sources);

/// Puts back what only a restart can change, and says what that is: the facts of a reload.
std::vector<port::Stat> keep_fixed(const Config& running, Config& fresh);

}  // namespace signaller
