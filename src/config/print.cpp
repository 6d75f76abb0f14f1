// Prints a configuration as TOML, and the tables of keys as reStructuredText.
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

/// Converts the meaning of a key to reStructuredText.
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

constexpr std::string_view FileHeader =
    "# Configuration of Signaller, in TOML. Every key is listed with its default. Lengths are "
    "in\n"
    "# bytes; durations are written \"500ms\", \"30s\", \"10m\", \"24h\" or \"7d\".\n"
    "# The server reads --config FILE, or else the first that exists of ./server.conf,\n"
    "# server.conf beside the program, and /etc/signaller/server.conf. Environment variables\n"
    "# override the file (SIGNALLER_LIMITS__LINE is limits.line), and --set KEY=VALUE on the\n"
    "# command line overrides both. SIGHUP and /rehash reload the configuration; see\n"
    "# docs/configuration.rst.\n";

/// Returns `text` with "# " before each of its lines.
std::string commented(std::string_view text) {
  std::string out = "# ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "# ";
  }
  return out;
}

/// Returns each key with its meaning and its value in `config`, section by section.
std::string printed_keys(const Config& config) {
  std::string out;
  std::string_view section;
  for (const Key& key : config_keys()) {
    const std::size_t dot = key.name.find('.');
    const std::string_view in = dot == std::string_view::npos ? "" : key.name.substr(0, dot);
    if (in != section) out += fmt::format("\n[{}]\n", in);
    if (in.empty()) out += "\n";
    section = in;
    const std::string_view name =
        dot == std::string_view::npos ? key.name : key.name.substr(dot + 1);
    out += fmt::format("{}\n{} = {}\n", commented(key.meaning), name, print_value(key, config));
  }
  return out;
}

std::string printed_listeners(const std::vector<Listen>& listeners) {
  std::string out =
      "\n# Listeners, one table for each. `paths` maps paths to names of endpoints. A path may\n"
      "# end with a parameter, {name} (one segment) or {name...} (the rest), if the endpoint\n"
      "# takes one. A name with several endpoints is mapped as a prefix of their paths. An\n"
      "# address that begins with wss:// speaks TLS, for wss:// and https:// clients. With\n"
      "# `proxy = true` only trusted proxies may connect, and each connection begins with a\n"
      "# PROXY header (version 1 or 2).\n"
      "# --listen ADDR:PORT on the command line replaces all of these tables.\n";
  for (const Listen& listen : listeners) out += printed_listen(listen);
  return out;
}

std::string printed_operators(const std::vector<commands::OperatorOptions>& operators) {
  std::string out =
      "\n# Server operators, one table for each; they log in with /oper. `hash` is the output of\n"
      "# `signaller hash-password`. `from` lists the addresses and CIDRs that the operator may\n"
      "# connect from; without it, any address.\n";
  if (operators.empty()) {
    out +=
        "\n# [[operator]]\n# name = \"root\"\n# hash = \"$argon2id$…\"\n# from = [\"127.0.0.1\"]\n";
  }
  for (const commands::OperatorOptions& one : operators) {
    out += fmt::format("\n[[operator]]\nname = {}\nhash = {}\n", toml_text(one.name),
                       toml_text(one.hash));
    if (!one.from.empty()) out += "from = " + printed_lines(one.from) + "\n";
  }
  return out;
}

}  // namespace

std::string print_value(const Key& key, const Config& given) {
  Config config = given;  // a copy, because `at` gives access to a mutable Config only
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
  return std::string(FileHeader) + printed_keys(config) + printed_listeners(config.listen) +
         printed_operators(config.slash.operators);
}

std::string print_limits() {
  constexpr std::array<std::string_view, 6> Sections{"limits.", "history.", "oper.",
                                                     "net.",    "outbox.",  "audit."};
  constexpr std::array<std::string_view, 6> NoLimits{"net.shards",          "net.core_thread",
                                                     "net.trusted_proxies", "net.origins",
                                                     "history.on_join",     "audit.file"};
  std::string out =
      ".. list-table::\n   :header-rows: 1\n   :widths: 28 16 56\n\n"
      "   * - key\n     - default\n     - what is bounded (and the answer above the bound)\n";
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
      "   * - key\n     - default\n     - meaning\n     - environment variable; a change applies\n";
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
