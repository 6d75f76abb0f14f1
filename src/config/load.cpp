#include "config/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include "irc/text/suggestion.hpp"
#include "port/overloaded.hpp"

namespace signaller {
namespace {

constexpr std::string_view Prefix = "SIGNALLER_";

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// Whether the name ends with `_PORT_<number>_TCP` or `_UDP`, or with one of these and a part of
/// the address.
bool is_port_of_service(std::string_view name) {
  for (const std::string_view part : {"_ADDR", "_PORT", "_PROTO"}) {
    if (!ends_with(name, part)) continue;
    name.remove_suffix(part.size());
    break;
  }
  if (!ends_with(name, "_TCP") && !ends_with(name, "_UDP")) return false;
  constexpr std::size_t Transport = 4;
  name.remove_suffix(Transport);
  const std::size_t digits = name.size() - 1 - name.find_last_not_of("0123456789");
  name.remove_suffix(std::min(digits, name.size()));
  return digits != 0 && ends_with(name, "_PORT_");
}

/// Whether the variable is one that Kubernetes sets for each service whose name is `signaller` or
/// begins with `signaller-`, or SIGNALLER_BINARY, which the project's scripts set.
bool is_foreign(std::string_view name, std::string_view value) {
  const bool address = value.substr(0, 6) == "tcp://" || value.substr(0, 6) == "udp://";
  return name == "SIGNALLER_BINARY" || ends_with(name, "_SERVICE_HOST") ||
         ends_with(name, "_SERVICE_PORT") ||
         name.find("_SERVICE_PORT_") != std::string_view::npos ||
         (ends_with(name, "_PORT") && address) || is_port_of_service(name);
}

/// @throws std::runtime_error  if there is a problem
void throw_if(const ConfigError& problem) {
  if (!problem.empty()) throw std::runtime_error(problem);
}

/// Returns the first configuration file that exists; empty: no such file exists.
std::string find_config() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path beside = fs::read_symlink("/proc/self/exe", ignored).parent_path() / "server.conf";
  for (const fs::path& place :
       {fs::path("server.conf"), beside, fs::path("/etc/signaller/server.conf")}) {
    if (fs::is_regular_file(place, ignored)) return place.string();
  }
  return {};
}

void apply_environment(const ConfigSources& sources, Config& config) {
  for (const auto& [name, value] : sources.environment) {
    const auto& keys = config_keys();
    const auto found = std::find_if(keys.begin(), keys.end(), [&name = name](const Key& key) {
      return environment_name(key) == name;
    });
    if (found == keys.end()) {
      std::vector<std::string> known;
      known.reserve(keys.size());
      for (const Key& key : keys) known.push_back(environment_name(key));
      throw std::runtime_error(irc::unknown_name("environment variable", name, known));
    }
    const ConfigError problem = set_value(*found, value, config);
    if (!problem.empty()) throw std::runtime_error(fmt::format("{}: {}", name, problem));
  }
}

void apply_command_line(const ConfigSources& sources, Config& config) {
  if (!sources.listen.empty()) {
    config.listen.clear();
    config.listen_named = true;
    for (const std::string& address : sources.listen) config.listen.push_back({address, {}});
    config.host.clear();
    config.operations = "off";
  }
  if (!sources.store.empty()) config.store = sources.store;
  for (const std::string& setting : sources.settings) throw_if(set_config(setting, config));
  if (!sources.operations.empty()) config.operations = sources.operations;
  if (!config.host.empty() && !config.listen_named) config.listen.clear();
}

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!file || !std::getline(file, line)) {
    throw std::runtime_error(fmt::format(
        "password_file {}: cannot be read, or is empty; the first line must be the password",
        path));
  }
  constexpr std::string_view ByteOrderMark = "\xef\xbb\xbf";
  if (line.compare(0, ByteOrderMark.size(), ByteOrderMark) == 0)
    line.erase(0, ByteOrderMark.size());
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.empty()) {
    throw std::runtime_error(
        fmt::format("password_file {}: its first line must be the password, but is empty", path));
  }
  return line;
}

Secrets read_secrets(const Config& config) {
  Secrets secrets{config.slash.password, config.slash.operators};
  if (!config.password_file.empty()) secrets.password = first_line(config.password_file);
  if (config.operators_file.empty()) return secrets;
  std::vector<commands::OperatorOptions> more;
  const ConfigError problem = read_operators(config.operators_file, more);
  if (!problem.empty()) throw std::runtime_error("operators_file: " + problem);
  secrets.operators.insert(secrets.operators.end(), more.begin(), more.end());
  throw_if(check_operators(secrets.operators));
  return secrets;
}

/// Copies the value of one key.
void copy_value(const Key& key, const Config& from, Config& to) {
  Config values = from;  // a copy, because `at` gives access to a mutable Config only
  std::visit(port::Overloaded{
                 [&](const DurationAt& place) { place.set(to, place.get(from)); },
                 [&](const ChoiceAt& place) { place.set(to, place.get(from)); },
                 [&](const auto& place) { place.at(to) = place.at(values); },
             },
             key.value);
}

/// Lists the listeners with their paths, for a log line.
std::string listeners_text(const Config& config) {
  std::string out;
  for (const Listen& listen : config.listen) {
    out += (out.empty() ? "" : ", ") + listen.address;
    if (listen.proxy) out += " proxy";
    for (const net::Mount& mount : listen.paths) out += " " + mount.path + "=" + mount.endpoint;
  }
  return out.empty() ? "none" : out;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> signaller_variables(char** environment) {
  std::vector<std::pair<std::string, std::string>> found;
  for (char** entry = environment; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (text.substr(0, Prefix.size()) != Prefix) continue;
    const std::size_t equals = std::min(text.find('='), text.size());
    const std::string_view name = text.substr(0, equals);
    const std::string_view value = text.substr(std::min(equals + 1, text.size()));
    if (!is_foreign(name, value)) found.emplace_back(name, value);
  }
  return found;
}

LoadedConfig load_settings(const ConfigSources& sources) {
  LoadedConfig loaded;
  loaded.file = sources.file;
  if (loaded.file.empty() && !sources.no_file) loaded.file = find_config();
  if (!loaded.file.empty()) throw_if(read_config(loaded.file, loaded.config));
  apply_environment(sources, loaded.config);
  apply_command_line(sources, loaded.config);
  throw_if(check_config(loaded.config));
  return loaded;
}

LoadedConfig load_config(const ConfigSources& sources) {
  LoadedConfig loaded = load_settings(sources);
  loaded.secrets = read_secrets(loaded.config);
  return loaded;
}

std::vector<port::Stat> keep_fixed(const Config& running, Config& fresh) {
  std::vector<port::Stat> stats;
  const auto keep = [&stats](std::string_view key, const std::string& value) {
    stats.push_back({std::string(key), "restart", fmt::format("stays {} until a restart", value)});
  };
  for (const Key& key : config_keys()) {
    if (key.applies == Applies::OnReload) continue;
    const std::string old = print_value(key, running);
    if (old == print_value(key, fresh)) continue;
    keep(key.name, key.name == "store" ? store_text(running.store) : old);
    copy_value(key, running, fresh);
  }
  if (listeners_text(running) != listeners_text(fresh)) {
    keep("listen", listeners_text(running));
    fresh.listen = running.listen;
    fresh.listen_named = running.listen_named;
  }
  return stats;
}

}  // namespace signaller
