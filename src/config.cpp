#include "config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <asio/ip/address.hpp>
#include <charconv>
#include <limits>

#include "port/overloaded.hpp"

namespace signaller {
namespace {

/// Larger messages would not fit into an outbox.
constexpr std::size_t MostFrame = 16'777'216;
constexpr std::size_t MostShards = 256;
/// Of /broadcast.
constexpr double MostCost = 20;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
  });
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string printed_duration(std::int64_t ms) {
  constexpr std::int64_t Day = 86'400'000;
  constexpr std::int64_t Hour = 3'600'000;
  constexpr std::int64_t Minute = 60'000;
  if (ms == 0 || ms % 1000 != 0) return fmt::format("\"{}ms\"", ms);
  if (ms % Day == 0) return fmt::format("\"{}d\"", ms / Day);
  if (ms % Hour == 0) return fmt::format("\"{}h\"", ms / Hour);
  if (ms % Minute == 0) return fmt::format("\"{}m\"", ms / Minute);
  return fmt::format("\"{}s\"", ms / 1000);
}

std::string printed_lines(const std::vector<std::string>& lines) {
  std::string out = "[";
  for (const std::string& line : lines) out += (out.size() > 1 ? ", " : "") + quoted(line);
  return out + "]";
}

std::string printed_value(const Key& key, Config& config) {
  return std::visit(
      port::Overloaded{
          [&](const SizeAt& place) { return std::to_string(place.at(config)); },
          [&](const RealAt& place) { return fmt::format("{}", place.at(config)); },
          [&](const FlagAt& place) { return std::string(place.at(config) ? "true" : "false"); },
          [&](const TextAt& place) { return quoted(place.at(config)); },
          [&](const LinesAt& place) { return printed_lines(place.at(config)); },
          [&](const DurationAt& place) { return printed_duration(place.get(config)); },
          [&](const ChoiceAt& place) { return quoted(place.get(config)); },
      },
      key.value);
}

std::string printed_listen(const Listen& listen) {
  std::string out = "\n[[listen]]\naddress = " + quoted(listen.address) + "\n";
  if (listen.paths.empty()) return out + "# paths = { \"/\" = \"slash\" }\n";
  out += "paths = { ";
  for (std::size_t i = 0; i < listen.paths.size(); ++i) {
    out += (i == 0 ? "" : ", ") + quoted(listen.paths[i].path) + " = " +
           quoted(listen.paths[i].endpoint);
  }
  return out + " }\n";
}

}  // namespace

std::string print_config(const Config& config) {
  Config values = config;  // the table gives references that may be written through
  std::string out =
      "# Signaller's configuration, in TOML. Every key is here with its default; lengths are\n"
      "# bytes, durations are \"500ms\", \"30s\", \"10m\", \"24h\" or \"7d\".\n"
      "# Read from --config FILE, else from ./server.conf, else from beside the program, else\n"
      "# from /etc/signaller/server.conf; --set KEY=VALUE on the command line counts more.\n";
  std::string_view section;
  for (const Key& key : config_keys()) {
    const std::size_t dot = key.name.find('.');
    const std::string_view in = dot == std::string_view::npos ? "" : key.name.substr(0, dot);
    if (in != section) out += fmt::format("\n[{}]\n", in);
    if (in.empty()) out += "\n";
    section = in;
    std::string meaning(key.meaning);
    for (std::size_t at = meaning.find('\n'); at != std::string::npos;
         at = meaning.find('\n', at + 3)) {
      meaning.insert(at + 1, "# ");
    }
    const std::string_view name =
        dot == std::string_view::npos ? key.name : key.name.substr(dot + 1);
    out += fmt::format("# {}\n{} = {}\n", meaning, name, printed_value(key, values));
  }
  out +=
      "\n# Addresses to listen on, any number of these tables. `paths` serves protocols under\n"
      "# paths of your choosing. --listen ADDR:PORT on the command line replaces them all.\n";
  for (const Listen& listen : config.listen) out += printed_listen(listen);
  return out;
}

net::ListenOptions parse_address(std::string_view text) {
  net::ListenOptions result;
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return result;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  unsigned port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port > 65535) return result;
  std::error_code no_address;
  const auto address = asio::ip::make_address(std::string(host), no_address);
  if (no_address || address.is_v6() != bracketed) return result;
  result.address = host;
  result.port = static_cast<std::uint16_t>(port);
  return result;
}

ConfigError check_config(const Config& config) {
  for (const Listen& listen : config.listen) {
    if (parse_address(listen.address).address.empty()) {
      return fmt::format("listen: '{}' is no ADDR:PORT such as 127.0.0.1:3012 or [::1]:3012",
                         listen.address);
    }
  }
  if (config.operations != "off" && parse_address(config.operations).address.empty()) {
    return fmt::format("operations: '{}' is neither off nor ADDR:PORT such as 127.0.0.1:3013",
                       config.operations);
  }
  if (config.store != "memory") {
    return fmt::format("store: '{}' is not known here; \"memory\" is", config.store);
  }
  const std::string& name = config.slash.server_name;
  if (name.empty() || name.find_first_of(" !@:") != std::string::npos || has_control(name)) {
    return "server_name: must be one word without space, control characters, !, @ or :";
  }
  for (const std::string& line : config.slash.motd) {
    if (has_control(line)) return "motd: each line stands alone, without control characters";
  }
  const commands::Limits& limits = config.slash.limits;
  if (limits.frame_undescribed > limits.frame) {
    return "limits.frame_undescribed must not be larger than limits.frame";
  }
  if (limits.line > limits.frame) return "limits.line must not be larger than limits.frame";
  if (limits.content > limits.line) return "limits.content must not be larger than limits.line";
  if (limits.frame > MostFrame) return fmt::format("limits.frame is at most {}", MostFrame);
  if (limits.cost_rate > 0 && limits.cost_burst < MostCost) {
    return fmt::format("limits.cost_burst must be at least {}, what one command may cost",
                       MostCost);
  }
  if (limits.cost_rate > 0 && limits.cost_rate < 0.01) {
    return "limits.cost_rate must be 0 (no limit) or at least 0.01";
  }
  if (config.net.outbox.chat > config.net.outbox.all) {
    return "outbox.chat must not be larger than outbox.all";
  }
  if (config.net.shards > MostShards) return fmt::format("net.shards is at most {}", MostShards);
  if (limits.nick > 32) return "limits.nick must not be larger than 32";
  if (limits.channel > 64) return "limits.channel must not be larger than 64";
  return {};
}

}  // namespace signaller
