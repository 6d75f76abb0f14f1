#include "cli/generated_tables.hpp"

#include <fmt/format.h>

#include "app/protocols.hpp"
#include "commands/grammar/registry.hpp"

namespace signaller {
namespace {

/// Replaces each field of a reply's text by `…`.
std::string shown(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view pair = text.substr(i, 2);
    if (pair == "{}") out += "…";
    if (pair == "{{" || pair == "}}") out += text[i];
    const bool two = pair == "{}" || pair == "{{" || pair == "}}";
    if (two) {
      ++i;
    } else {
      out += text[i] == '*' ? "\\*" : std::string(1, text[i]);
    }
  }
  return out;
}

void add_row(std::string& out, std::string_view code, std::string_view text) {
  const std::string cell = shown(text);
  out += fmt::format("   * - ``{}``\n     -{}{}\n", code, cell.empty() ? "" : " ", cell);
}

std::string_view text_of(MountPlace place) {
  switch (place) {
    case MountPlace::EveryListener:
      return "on each listener without ``paths``";
    case MountPlace::OnRequest:
      return "only where ``paths`` names it";
    case MountPlace::OperationsListener:
      return "on the ``operations`` listener";
  }
  return {};
}

}  // namespace

std::string command_table() {
  std::string out =
      ".. list-table::\n   :header-rows: 1\n   :widths: 34 46 20\n\n"
      "   * - command\n     - what it does\n     - alias\n";
  for (const commands::Command* command : commands::all_commands()) {
    const std::string also =
        command->alias.empty() ? std::string() : fmt::format(" ``/{}``", command->alias);
    out += fmt::format("   * - ``{}``\n     - {}\n     -{}\n", commands::form_of(*command),
                       command->summary, also);
  }
  return out;
}

std::string mode_table() {
  std::string out =
      ".. list-table::\n   :header-rows: 1\n   :widths: 12 88\n\n"
      "   * - mode\n     - effect\n";
#define FLAG_MODE(letter, member, help, meaning) \
  out += "   * - ``+" #letter "``\n     - " meaning "\n";
#define NUMBER_MODE(letter, member, name, least, most, help, value, meaning) \
  out += "   * - ``+" #letter " " #name "``\n     - " meaning " Takes " value ".\n";
#define TOKEN_MODE(letter, name, most, help, value, meaning) \
  out += "   * - ``+" #letter " " #name "``\n     - " meaning " Takes " value ".\n";
#include "irc/modes.def"
  return out;
}

std::string protocol_list() {
  std::string out =
      ".. list-table::\n   :header-rows: 1\n   :widths: 14 16 26 44\n\n"
      "   * - protocol\n     - path (its name in ``paths``)\n     - served by default\n"
      "     - what it is\n";
  for (const ProtocolEntry& entry : protocol_table()) {
    std::string paths;
    for (const port::Endpoint& endpoint : entry.paths()) {
      paths +=
          fmt::format("{}``{}`` (``{}``)", paths.empty() ? "" : ", ", endpoint.path, endpoint.name);
    }
    out += fmt::format("   * - {}\n     - {}\n     - {}\n     - {}\n", entry.name, paths,
                       text_of(entry.place), entry.summary);
  }
  return out;
}

std::string reply_table() {
  std::string out =
      ".. list-table::\n   :header-rows: 1\n   :widths: 24 76\n\n   * - code\n     - text\n";
#define REPLY(name, code, text) add_row(out, fmt::format("{:03}", code), text);
#include "irc/text/replies.def"
#undef REPLY
#define FAILURE(name, code, text) add_row(out, "FAIL … " code, text);
#define NOTE(name, code, text) add_row(out, "NOTE … " code, text);
#include "irc/text/standard_replies.def"
#undef NOTE
#undef FAILURE
  return out;
}

}  // namespace signaller
