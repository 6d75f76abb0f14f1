// Reads TOML into a Config. toml++ parses the text.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "config/config.hpp"
#include "config/toml.hpp"
#include "irc/text/suggestion.hpp"
#include "irc/text/text.hpp"
#include "port/overloaded.hpp"

namespace signaller {
namespace {

constexpr std::int64_t LongestMs = 315'360'000'000;  // ten years

std::optional<std::int64_t> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0 || number > LongestMs) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> Units{
      {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
  for (const auto& [name, ms] : Units) {
    if (unit == name && number <= LongestMs / ms) return number * ms;
  }
  return std::nullopt;
}

ConfigError unknown_key(std::string_view name) {
  std::vector<std::string> known{"listen", "operator"};
  for (const Key& key : config_keys()) known.emplace_back(key.name);
  return irc::unknown_name("key", name, known);
}

ConfigError set_size(const SizeAt& place, Config& config, const toml::node& node) {
  const auto value = node.value_exact<std::int64_t>();
  if (!value || *value < static_cast<std::int64_t>(place.least)) {
    return fmt::format("must be a whole number of at least {}", place.least);
  }
  place.at(config) = static_cast<std::size_t>(*value);
  return {};
}

ConfigError set_lines(const LinesAt& place, Config& config, const toml::node& node) {
  const toml::array* list = node.as_array();
  if (list == nullptr || (!list->empty() && !list->is_homogeneous<std::string>())) {
    return "must be a list of quoted strings, as in [\"one\", \"two\"]";
  }
  std::vector<std::string> lines;
  for (const toml::node& line : *list) lines.push_back(line.value_or(std::string()));
  place.at(config) = std::move(lines);
  return {};
}

ConfigError set_choice(const ChoiceAt& place, Config& config, const toml::node& node) {
  const std::string word = node.value_or(std::string());
  std::string_view rest = place.words;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find('|'));
    if (word == one) {
      place.set(config, word);
      return {};
    }
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
  }
  return fmt::format("must be one of {}", place.words);
}

ConfigError set_key(const Key& key, Config& config, const toml::node& node) {
  const auto problem =
      std::visit(port::Overloaded{
                     [&](const SizeAt& place) { return set_size(place, config, node); },
                     [&](const RealAt& place) -> ConfigError {
                       const auto value = node.value<double>();
                       if (!value || !(*value >= 0) || *value > 1e12)
                         return "must be a number, 0 or larger";
                       place.at(config) = *value;
                       return {};
                     },
                     [&](const FlagAt& place) -> ConfigError {
                       const auto value = node.value_exact<bool>();
                       if (!value) return "must be true or false";
                       place.at(config) = *value;
                       return {};
                     },
                     [&](const TextAt& place) -> ConfigError {
                       const auto value = node.value_exact<std::string>();
                       if (!value) return "must be a quoted string";
                       place.at(config) = *value;
                       return {};
                     },
                     [&](const PathAt& place) -> ConfigError {
                       const auto value = node.value_exact<std::string>();
                       if (!value) return "must be a quoted path";
                       place.at(config) = *value;
                       return {};
                     },
                     [&](const LinesAt& place) { return set_lines(place, config, node); },
                     [&](const DurationAt& place) -> ConfigError {
                       const auto value = parse_duration(node.value_or(std::string()));
                       if (!value)
                         return "must be a duration such as \"500ms\", \"30s\", \"10m\" or \"24h\"";
                       place.set(config, *value);
                       return {};
                     },
                     [&](const ChoiceAt& place) { return set_choice(place, config, node); },
                 },
                 key.value);
  return problem.empty() ? problem : fmt::format("{}: {}", key.name, problem);
}

ConfigError read_listen(const toml::node& node, Config& config) {
  const toml::array* tables = node.as_array();
  if (tables == nullptr) return "listen: must be [[listen]] tables";
  std::vector<Listen> listeners;
  for (const toml::node& entry : *tables) {
    const toml::table* table = entry.as_table();
    if (table == nullptr) return "listen: must be [[listen]] tables";
    Listen listen;
    for (const auto& [name, value] : *table) {
      if (name.str() == "address" && value.is_string()) {
        listen.address = value.value_or(std::string());
      } else if (name.str() == "paths" && value.is_table()) {
        for (const auto& [path, endpoint] : *value.as_table()) {
          listen.paths.push_back({std::string(path.str()), endpoint.value_or(std::string())});
        }
      } else if (name.str() == "proxy" && value.is_boolean()) {
        listen.proxy = value.value_or(false);
      } else {
        return fmt::format(
            "listen: '{}' is an unknown key or has a value of the wrong type; allowed are address "
            "= \"ADDR:PORT\", paths = {{ … }} and proxy = true or false",
            name.str());
      }
    }
    listeners.push_back(std::move(listen));
  }
  config.listen = std::move(listeners);
  config.listen_named = true;
  return {};
}

ConfigError read_operator(const toml::table& table, commands::OperatorOptions& one) {
  for (const auto& [name, value] : table) {
    if (name.str() == "name" && value.is_string()) {
      one.name = value.value_or(std::string());
    } else if (name.str() == "hash" && value.is_string()) {
      one.hash = value.value_or(std::string());
    } else if (name.str() == "from" && value.is_array() &&
               (value.as_array()->empty() || value.as_array()->is_homogeneous<std::string>())) {
      for (const toml::node& from : *value.as_array()) {
        one.from.push_back(from.value_or(std::string()));
      }
    } else {
      return fmt::format(
          "operator: '{}' is an unknown key or has a value of the wrong type; allowed are name = "
          "\"…\", hash = \"…\" and from = [\"…\"]",
          name.str());
    }
  }
  return {};
}

ConfigError read_operator_tables(const toml::node& node,
                                 std::vector<commands::OperatorOptions>& operators) {
  const toml::array* tables = node.as_array();
  if (tables == nullptr) return "operator: must be [[operator]] tables";
  operators.clear();
  for (const toml::node& entry : *tables) {
    const toml::table* table = entry.as_table();
    if (table == nullptr) return "operator: must be [[operator]] tables";
    ConfigError problem = read_operator(*table, operators.emplace_back());
    if (!problem.empty()) return problem;
  }
  return {};
}

/// @param prefix  the section with its dot, such as `limits.`; empty at the top level
ConfigError read_table(const toml::table& table, const std::string& prefix, Config& config) {
  for (const auto& [name, node] : table) {
    const std::string full = prefix + std::string(name.str());
    const Key* key = find_key(full);
    ConfigError problem;
    if (key != nullptr) {
      problem = set_key(*key, config, node);
    } else if (full == "listen") {
      problem = read_listen(node, config);
    } else if (full == "operator") {
      problem = read_operator_tables(node, config.slash.operators);
    } else if (prefix.empty() && node.is_table()) {
      problem = read_table(*node.as_table(), full + ".", config);
      if (!problem.empty()) return problem;  // the problem names its line already
    } else {
      problem = unknown_key(full);
    }
    if (!problem.empty()) return fmt::format("line {}: {}", node.source().begin.line, problem);
  }
  return {};
}

/// Makes relative paths relative to the folder of the file.
void resolve_paths(const std::filesystem::path& folder, Config& config) {
  if (config.log.out_dir.empty() && !config.log.out_file.empty()) config.log.out_dir = ".";
  for (const Key& key : config_keys()) {
    const auto* place = std::get_if<PathAt>(&key.value);
    if (place == nullptr) continue;
    std::string& path = place->at(config);
    if (!path.empty()) path = (folder / path).lexically_normal().string();
  }
}

/// Finds the line at which the parser fails. The parser does not report the line. So it is given a
/// growing part of the text, one more line each time.
std::size_t line_of_breach(std::string_view text) {
  for (std::size_t line = 1, end = 0;; ++line) {
    end = text.find('\n', end);
    try {
      static_cast<void>(toml::parse(text.substr(0, end)));
    } catch (const toml::parse_error&) {
      // This part of the text is incomplete: the next attempt gets one more line.
    } catch (const TomlBreach&) {
      return line;
    }
    if (end++ == std::string_view::npos) return line;
  }
}

constexpr std::string_view OddCharacter =
    "there is a character here that is allowed only in quoted strings and comments";

/// Reads a TOML file and calls `read` with its table.
/// @param read  returns the problem; empty: none
template <class Read>
ConfigError read_toml(const std::string& path, Read read) {
  if (std::filesystem::is_directory(path)) return fmt::format("{}: is a directory", path);
  std::ifstream file(path, std::ios::binary);
  if (!file) return fmt::format("{}: cannot be read: {}", path, std::strerror(errno));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto wrong = [&path](std::size_t line, std::string_view what) {
    return fmt::format("{}: line {}: {}", path, line, what);
  };
  if (const std::size_t odd = odd_line(text)) return wrong(odd, OddCharacter);
  try {
    const ConfigError problem = read(toml::parse(text));
    return problem.empty() ? problem : fmt::format("{}: {}", path, problem);
  } catch (const toml::parse_error& error) {
    return wrong(error.source().begin.line, error.description());
  } catch (const TomlBreach& breach) {
    return wrong(line_of_breach(text), breach.what());
  }
}

}  // namespace

ConfigError read_config(const std::string& path, Config& config) {
  ConfigError problem = read_toml(
      path, [&config](const toml::table& table) { return read_table(table, {}, config); });
  if (problem.empty()) resolve_paths(std::filesystem::path(path).parent_path(), config);
  return problem;
}

ConfigError read_operators(const std::string& path,
                           std::vector<commands::OperatorOptions>& operators) {
  return read_toml(path, [&operators](const toml::table& table) -> ConfigError {
    for (const auto& [name, node] : table) {
      ConfigError problem = "only [[operator]] tables are allowed here";
      if (name.str() == "operator") problem = read_operator_tables(node, operators);
      if (!problem.empty()) {
        return fmt::format("line {}: {}", node.source().begin.line, problem);
      }
    }
    return {};
  });
}

ConfigError set_config(std::string_view assignment, Config& config) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    return fmt::format("'{}' is not KEY=VALUE", assignment);
  }
  const std::string_view name = assignment.substr(0, equals);
  const Key* key = find_key(name);
  return key == nullptr ? unknown_key(name)
                        : set_value(*key, assignment.substr(equals + 1), config);
}

ConfigError set_value(const Key& key, std::string_view text, Config& config) {
  if (!irc::is_utf8(text)) return fmt::format("{}: must be UTF-8", key.name);
  const bool bare =
      std::holds_alternative<TextAt>(key.value) || std::holds_alternative<PathAt>(key.value) ||
      std::holds_alternative<ChoiceAt>(key.value) || std::holds_alternative<DurationAt>(key.value);
  if (bare && (text.empty() || text.front() != '"')) {
    return set_key(key, config, toml::value<std::string>(std::string(text)));
  }
  if (odd_line(text) != 0) return fmt::format("{}: {}", key.name, OddCharacter);
  try {
    const toml::table table = toml::parse(fmt::format("value = {}", text));
    if (table.size() != 1) return fmt::format("{}: must be one value", key.name);
    return set_key(key, config, *table.get("value"));
  } catch (const toml::parse_error& error) {
    // A text is a wrong value for each other kind of key, so set_key() says what would be right.
    if (!bare) return set_key(key, config, toml::value<std::string>(std::string()));
    return fmt::format("{}: {}", key.name, error.description());
  } catch (const TomlBreach& breach) {
    return fmt::format("{}: {}", key.name, breach.what());
  }
}

}  // namespace signaller
