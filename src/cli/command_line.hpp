// The program's options and subcommands.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/store_tools.hpp"
#include "config/load.hpp"

namespace signaller {

struct CommandLine {
  ConfigSources sources;
  /// What to print instead of serving; empty: nothing.
  std::string (*print)() = nullptr;
  bool print_config = false;
  bool check = false;
  bool hash_password = false;
  Tool tool = nullptr;  ///< what to do instead of serving; empty: nothing
  ToolOptions tool_options;
};

/// `arguments` must live until `app` has parsed.
void declare(CLI::App& app, CommandLine& arguments);

}  // namespace signaller
