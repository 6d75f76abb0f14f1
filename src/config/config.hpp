// What an operator may set. One table says each key, its default, its meaning and how it is read;
// `--print-config` prints it, and that text is server.conf.
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
  std::vector<net::Mount> paths;  ///< empty: the default paths of the protocols in `protocols`
  bool proxy = false;             ///< for trusted proxies that begin with a PROXY header
};

/// All that `server.conf`, the environment and the command line say. `slash.operators` are the
/// [[operator]] tables; what lies in files of its own is in Secrets.
struct Config {
  commands::Options slash;
  net::ServerOptions net;
  LogOptions log;
  std::vector<Listen> listen{{"127.0.0.1:3012", {}}};
  bool listen_named = false;                  ///< `listen` is not the default
  std::string host;                           ///< one more listener
  std::string operations = "127.0.0.1:3013";  ///< or `off`
  std::string store = "memory";
  std::string store_prefix = "signaller:";
  std::int64_t store_timeout_ms = 2'000;
  std::int64_t lease_ttl_ms = 10'000;
  std::string secret_key_file = "signaller.key";
  std::string password_file;
  std::string operators_file;
};

/// Where a key's value lives in a Config, which is also its type. Durations are int64
/// milliseconds, written `500ms`, `30s`, `10m`, `24h` or `7d`.
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
/// A relative one in a file means: beside that file.
struct PathAt {
  std::string& (*at)(Config&);
};
struct LinesAt {
  std::vector<std::string>& (*at)(Config&);
};
struct DurationAt {
  std::int64_t (*get)(const Config&);
  void (*set)(Config&, std::int64_t);
};
/// One of several words, separated by `|`.
struct ChoiceAt {
  std::string_view words;
  std::string (*get)(const Config&);
  void (*set)(Config&, std::string_view);
};

/// When a changed value counts.
enum class Applies : std::uint8_t { OnReload, OnRestart };

struct Key {
  std::string_view name;     ///< `limits.line`: section and key
  std::string_view meaning;  ///< one line or several, as they stand in server.conf
  std::variant<SizeAt, RealAt, FlagAt, TextAt, PathAt, LinesAt, DurationAt, ChoiceAt> value;
  Applies applies = Applies::OnReload;
};

/// All keys, in the order of server.conf. `[[listen]]` and `[[operator]]` are not among them.
const std::vector<Key>& config_keys();
const Key* find_key(std::string_view name);
/// `SIGNALLER_LIMITS__LINE` for `limits.line`.
std::string environment_name(const Key& key);

/// What is wrong with a setting, in one line that names the key; empty: nothing.
using ConfigError = std::string;

/// Reads a TOML file over what `config` holds. Relative paths are taken as beside the file.
ConfigError read_config(const std::string& path, Config& config);
/// Reads a file of nothing but [[operator]] tables.
ConfigError read_operators(const std::string& path,
                           std::vector<commands::OperatorOptions>& operators);
/// `key=value`, as after `--set`: the value is TOML, or the bare text for keys that are texts.
ConfigError set_config(std::string_view assignment, Config& config);
/// The same for a key that is known.
ConfigError set_value(const Key& key, std::string_view text, Config& config);
/// What no single key can show: ranges between keys, addresses, the store.
ConfigError check_config(const Config& config);
ConfigError check_operators(const std::vector<commands::OperatorOptions>& operators);

/// server.conf with the values of `config`.
std::string print_config(const Config& config);
/// One value, as TOML.
std::string print_value(const Key& key, const Config& config);
/// The table of keys in docs/configuration.rst.
std::string print_reference();
/// The table of limits in docs/security.rst: those of the keys that bound something.
std::string print_limits();

/// A store as it may be shown: without its password.
std::string store_text(const std::string& store);

/// `ADDR:PORT` in its parts, with `ws://`, `http://`, `wss://` or `https://` before it if one
/// likes: the last two mean TLS. An empty address of the result: it is no such thing.
net::ListenOptions parse_address(std::string_view text);

}  // namespace signaller
