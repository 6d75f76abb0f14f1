// TOML and reStructuredText out.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/config.hpp"
#include "port/overloaded.hpp"

namespace signaller {
namespace {

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') {
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
  for (const std::string& line : lines) out += (out.size() > 1 ? ", " : "") + toml_text(line);
  return out + "]";
}

std::string printed_listen(const Listen& listen) {
  std::string out = "\n[[listen]]\naddress = " + toml_text(listen.address) + "\n";
  if (listen.proxy) out += "proxy = true\n";
  if (listen.paths.empty()) return out + "# paths = { \"/\" = \"slash\" }\n";
  out += "paths = { ";
  for (std::size_t i = 0; i < listen.paths.size(); ++i) {
    out += (i == 0 ? "" : ", ") + toml_text(listen.paths[i].path) + " = " +
           toml_text(listen.paths[i].endpoint);
  }
  return out + " }\n";
}

/// A meaning of the table as reStructuredText.
std::string restructured(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '`') {
      out += "``";
    } else if (c == '\n') {
      out += ' ';
    } else {
      if (c == '*' || c == '|' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string print_value(const Key& key, const Config& given) {
  Config config = given;  // the table gives references that may be written through
  return std::visit(
      port::Overloaded{
          [&](const SizeAt& place) { return std::to_string(place.at(config)); },
          [&](const RealAt& place) { return fmt::format("{}", place.at(config)); },
          [&](const FlagAt& place) { return std::string(place.at(config) ? "true" : "false"); },
          [&](const TextAt& place) { return toml_text(place.at(config)); },
          [&](const PathAt& place) { return toml_text(place.at(config)); },
          [&](const LinesAt& place) { return printed_lines(place.at(config)); },
          [&](const DurationAt& place) { return printed_duration(place.get(config)); },
          [&](const ChoiceAt& place) { return toml_text(place.get(config)); },
      },
      key.value);
}

std::string print_config(const Config& config) {
  std::string out =
      "# Signaller's configuration, in TOML. Every key is here with its default; lengths are\n"
      "# bytes, durations are \"500ms\", \"30s\", \"10m\", \"24h\" or \"7d\".\n"
      "# Read from --config FILE, else from ./server.conf, else from beside the program, else\n"
      "# from /etc/signaller/server.conf. The environment counts more (limits.line is\n"
      "# SIGNALLER_LIMITS__LINE), and --set KEY=VALUE on the command line counts most.\n"
      "# SIGHUP and /rehash read it all again; docs/configuration.rst says what that changes.\n";
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
    out += fmt::format("# {}\n{} = {}\n", meaning, name, print_value(key, config));
  }
  out +=
      "\n# Addresses to listen on, any number of these tables. `paths` serves protocols under\n"
      "# paths of your choosing. wss://ADDR:PORT is an address with TLS, for wss:// and https://.\n"
      "# With `proxy = true` only trusted proxies may connect there, and each connection begins\n"
      "# with a PROXY header (version 1 or 2).\n"
      "# --listen ADDR:PORT on the command line replaces them all.\n";
  for (const Listen& listen : config.listen) out += printed_listen(listen);
  out +=
      "\n# Who may become a server operator with /oper, any number of these tables. `hash` is "
      "what\n"
      "# `signaller hash-password` prints; `from` are the addresses or CIDRs that it may come "
      "from,\n"
      "# from anywhere without it.\n";
  if (config.slash.operators.empty()) {
    out +=
        "\n# [[operator]]\n# name = \"root\"\n# hash = \"$argon2id$…\"\n# from = [\"127.0.0.1\"]\n";
  }
  for (const commands::OperatorOptions& one : config.slash.operators) {
    out += fmt::format("\n[[operator]]\nname = {}\nhash = {}\n", toml_text(one.name),
                       toml_text(one.hash));
    if (!one.from.empty()) out += "from = " + printed_lines(one.from) + "\n";
  }
  return out;
}

std::string print_limits() {
  constexpr std::array<std::string_view, 6> Sections{"limits.", "history.", "oper.",
                                                     "net.",    "outbox.",  "audit."};
  constexpr std::array<std::string_view, 6> NoLimits{"net.shards",          "net.core_thread",
                                                     "net.trusted_proxies", "net.origins",
                                                     "history.on_join",     "audit.file"};
  std::string out =
      ".. list-table::\n   :header-rows: 1\n   :widths: 28 16 56\n\n"
      "   * - key\n     - default\n     - what it bounds, and what is said above it\n";
  const Config defaults;
  for (const Key& key : config_keys()) {
    const std::string_view section = key.name.substr(0, key.name.find('.') + 1);
    const bool bounds = std::find(Sections.begin(), Sections.end(), section) != Sections.end();
    const bool other = std::find(NoLimits.begin(), NoLimits.end(), key.name) != NoLimits.end();
    if (!bounds || other) continue;
    out += fmt::format("   * - ``{}``\n     - ``{}``\n     - {}\n", key.name,
                       print_value(key, defaults), restructured(key.meaning));
  }
  return out;
}

std::string print_reference() {
  std::string out =
      ".. list-table::\n   :header-rows: 1\n   :widths: 22 14 40 24\n\n"
      "   * - key\n     - default\n     - meaning\n     - environment; a change counts\n";
  const Config defaults;
  for (const Key& key : config_keys()) {
    const bool live = key.applies == Applies::OnReload;
    out += fmt::format("   * - ``{}``\n     - ``{}``\n     - {}\n     - ``{}``; {}\n", key.name,
                       print_value(key, defaults), restructured(key.meaning), environment_name(key),
                       live ? "on reload" : "after a restart");
  }
  return out;
}

}  // namespace signaller
