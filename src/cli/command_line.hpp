// The command line lives in this folder: options, subcommands (`hash-password`, `inspect`, `gc`)
// and the texts that they print. Nothing here serves clients or changes a running server. The main
// thread runs the code of this folder, before the server starts or instead of it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/store_tools.hpp"
#include "config/load.hpp"

namespace signaller {

struct CommandLine {
  ConfigSources sources;
  /// Returns the text that is printed instead of starting the server; null: no such option was
  /// given.
  std::string (*print)() = nullptr;
  bool print_config = false;
  bool check = false;
  bool hash_password = false;
  Tool tool = nullptr;  ///< runs instead of starting the server; null: none
  ToolOptions tool_options;
};

/// Declares all options and subcommands. `arguments` must live until `app` has parsed.
void declare(CLI::App& app, CommandLine& arguments);

}  // namespace signaller
