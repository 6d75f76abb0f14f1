// What an operator may set. One table says each key, its default, its meaning and how it is read;
// `--print-config` prints it, and that text is server.conf.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "commands/options.hpp"
#include "net/options.hpp"

namespace signaller {

/// A `[[listen]]` table.
struct Listen {
  std::string address;            ///< `127.0.0.1:3012`, `[::1]:3012`
  std::vector<net::Mount> paths;  ///< empty: the default paths of the protocols in `protocols`
};

struct Config {
  commands::Options slash;
  net::ServerOptions net;
  std::vector<Listen> listen{{"127.0.0.1:3012", {}}};
  std::string operations = "127.0.0.1:3013";  ///< or `off`
  std::string store = "memory";
  std::string log_level = "info";
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

struct Key {
  std::string_view name;     ///< `limits.line`: section and key
  std::string_view meaning;  ///< one line or several, as they stand in server.conf
  std::variant<SizeAt, RealAt, FlagAt, TextAt, LinesAt, DurationAt, ChoiceAt> value;
};

/// All keys, in the order of server.conf. `[[listen]]` is not among them.
const std::vector<Key>& config_keys();

/// What is wrong with a setting, in one line that names the key; empty: nothing.
using ConfigError = std::string;

/// Reads a TOML file over what `config` holds.
ConfigError read_config(const std::string& path, Config& config);
/// `key=value`, as after `--set`: the value is TOML, or the bare text for keys that are texts.
ConfigError set_config(std::string_view assignment, Config& config);
/// What no single key can show: ranges between keys, addresses, the store.
ConfigError check_config(const Config& config);
/// server.conf with the values of `config`.
std::string print_config(const Config& config);

/// `ADDR:PORT` in its parts; an empty address of the result: it is no such thing.
net::ListenOptions parse_address(std::string_view text);

}  // namespace signaller
