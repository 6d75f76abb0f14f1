#include "command_table.hpp"

#include <fmt/format.h>

#include "commands/registry.hpp"

namespace signaller {

std::string command_table() {
  std::string out =
      ".. list-table::\n   :header-rows: 1\n   :widths: 34 46 20\n\n"
      "   * - command\n     - what it does\n     - also\n";
  for (const commands::Command* command : commands::all_commands()) {
    const std::string also =
        command->alias.empty() ? std::string() : fmt::format(" ``/{}``", command->alias);
    out += fmt::format("   * - ``{}``\n     - {}\n     -{}\n", commands::form_of(*command),
                       command->summary, also);
  }
  return out;
}

}  // namespace signaller
