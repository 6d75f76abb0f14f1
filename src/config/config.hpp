// The configuration lives in this folder: the table of keys, and reading, merging, checking and
// printing a configuration. No other part of the server reads the configuration file or the
// environment, and this folder starts nothing. The main thread loads a configuration at the start,
// the core thread at each reload; all functions are free of shared state.
//
// key_table.cpp holds each key once, with its default, meaning and type; `--print-config` prints
// the table, and that text is server.conf.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "commands/session/options.hpp"
#include "log/log_options.hpp"
#include "net/core/options.hpp"

namespace signaller {

/// A `[[listen]]` table.
struct Listen {
  std::string address;            ///< `127.0.0.1:3012`, `[::1]:3012`, `wss://0.0.0.0:443`
  std::vector<net::Mount> paths;  ///< empty: the default paths of all protocols
  bool proxy = false;  ///< only trusted proxies may connect, and each sends a PROXY header first
};

/// The merged values of `server.conf`, the environment and the command line. `slash.operators`
/// holds the [[operator]] tables; values from separate files are in Secrets.
struct Config {
  commands::Options slash;
  net::ServerOptions net;
  LogOptions log;
  std::vector<Listen> listen{{"127.0.0.1:3012", {}}};
  /// whether the configuration sets `listen`; false: `listen` has its default
  bool listen_named = false;
  std::string host;                           ///< address of one more listener; empty: none
  std::string operations = "127.0.0.1:3013";  ///< address of the operations listener, or `off`
  std::string store = "memory";
  std::string store_prefix = "signaller:";
  std::int64_t store_timeout_ms = 2'000;
  std::int64_t lease_ttl_ms = 10'000;
  std::string secret_key_file = "signaller.key";
  std::string password_file;
  std::string operators_file;
};

// Each key has one of these types, which decides what kind of value the key takes. An object of the
// type tells where a Config holds the value of the key.

/// A whole number of at least `least`.
struct SizeAt {
  std::size_t& (*at)(Config&);
  std::size_t least = 0;
};
struct RealAt {
  double& (*at)(Config&);
};
struct FlagAt {
  bool& (*at)(Config&);
};
struct TextAt {
  std::string& (*at)(Config&);
};
/// A path. A relative path in a file is relative to that file.
struct PathAt {
  std::string& (*at)(Config&);
};
struct LinesAt {
  std::vector<std::string>& (*at)(Config&);
};
/// Milliseconds, written `500ms`, `30s`, `10m`, `24h` or `7d`.
struct DurationAt {
  std::int64_t (*get)(const Config&);
  void (*set)(Config&, std::int64_t);
};
/// One of `words`, which are separated by `|`.
struct ChoiceAt {
  std::string_view words;
  std::string (*get)(const Config&);
  void (*set)(Config&, std::string_view);
};

/// When a changed value takes effect.
enum class Applies : std::uint8_t { OnReload, OnRestart };

struct Key {
  std::string_view name;     ///< section and key: `limits.line`
  std::string_view meaning;  ///< the comment in server.conf, of one or more lines
  std::variant<SizeAt, RealAt, FlagAt, TextAt, PathAt, LinesAt, DurationAt, ChoiceAt> value;
  Applies applies = Applies::OnReload;
};

/// Returns all keys in the order of server.conf, without `[[listen]]` and `[[operator]]`.
const std::vector<Key>& config_keys();
/// @return null if no key has this name
const Key* find_key(std::string_view name);
/// Returns the environment variable of a key: `SIGNALLER_LIMITS__LINE` for `limits.line`.
std::string environment_name(const Key& key);

/// Describes a problem in one line that names the key; empty: no problem.
using ConfigError = std::string;

/// Reads a TOML file into `config`; keys that the file does not name keep their values. Relative
/// paths become relative to the file.
ConfigError read_config(const std::string& path, Config& config);
/// Reads a file that holds [[operator]] tables only.
ConfigError read_operators(const std::string& path,
                           std::vector<commands::OperatorOptions>& operators);
/// Sets `key=value`, the form of `--set`. The value is TOML; texts, paths, words and durations may
/// also be given without quotes.
ConfigError set_config(std::string_view assignment, Config& config);
/// Sets one key. The value has the form that set_config takes.
ConfigError set_value(const Key& key, std::string_view text, Config& config);
/// Checks the values, their relations, the addresses, and the store's URL.
ConfigError check_config(const Config& config);
ConfigError check_operators(const std::vector<commands::OperatorOptions>& operators);

/// Returns the text of server.conf with the values of `config`.
std::string print_config(const Config& config);
/// Returns one value as TOML.
std::string print_value(const Key& key, const Config& config);
/// Returns the table of keys for docs/configuration.rst.
std::string print_reference();
/// Returns the table of limits for docs/security.rst: all keys that limit something.
std::string print_limits();

/// Returns the store's URL without its password.
std::string store_text(const std::string& store);

/// Parses `ADDR:PORT`, with an optional `ws://`, `http://`, `wss://` or `https://` before it; the
/// last two mean TLS.
/// @return an empty address if the text is malformed
net::ListenOptions parse_address(std::string_view text);

}  // namespace signaller
