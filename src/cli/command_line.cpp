#include "cli/command_line.hpp"

#include "cli/generated_tables.hpp"

namespace signaller {
namespace {

/// A subcommand about a store, which is found as the server finds it.
CLI::App& add_tool(CLI::App& app, CommandLine& arguments, const char* name, Tool tool,
                   const char* meaning) {
  ConfigSources& sources = arguments.sources;
  ToolOptions& options = arguments.tool_options;
  CLI::App& sub = *app.add_subcommand(name, meaning);
  sub.add_option("--store", sources.store, "redis://… of the store; else the configured one");
  sub.add_option("--prefix", options.prefix, "of its keys; else store_prefix");
  sub.add_option("--config", sources.file, "TOML file to read, as the server does");
  sub.add_option("--set", sources.settings, "KEY=VALUE, any key of the configuration; repeatable")
      ->allow_extra_args(false);
  sub.add_option("--timeout", options.timeout,
                 "how long Redis may say nothing, as 500ms or 2s; else store_timeout");
  sub.add_flag("--json", options.json, "for programs");
  sub.callback([&arguments, tool] { arguments.tool = tool; });
  return sub;
}

void add_tools(CLI::App& app, CommandLine& arguments) {
  ToolOptions& options = arguments.tool_options;
  CLI::App& inspect =
      add_tool(app, arguments, "inspect", inspect_store,
               "say what is stored in Redis; changes nothing, also beside a running server.\n"
               "Ends with 0, with 1 if it cannot be read, with 2 if some of it is at fault");
  inspect
      .add_option("--channels", options.channels, "how many channels to list, the largest first")
      ->capture_default_str();
  inspect.add_option("--ghosts", options.ghosts, "how many peers to list that are here")
      ->capture_default_str();
  CLI::App& gc = add_tool(
      app, arguments, "gc", collect_garbage,
      "remove from Redis what nobody can reach; while no server runs on it.\n"
      "Ends with 0, with 1 if it could not, with 2 if it left what it cannot read or know");
  gc.add_flag("--dry-run", options.dry_run, "only say what would go; also beside a running server");
  gc.add_flag("--corrupt", options.corrupt, "what cannot be read goes as well");
  gc.add_option("--keys", options.keys, "how many keys of each kind to list")
      ->capture_default_str();
}

}  // namespace

void declare(CLI::App& app, CommandLine& arguments) {
  ConfigSources& sources = arguments.sources;
  app.set_version_flag("--version", std::string("signaller ") + SIGNALLER_VERSION);
  app.add_option("--config", sources.file, "TOML file to read (see --print-config)");
  app.add_option("--listen", sources.listen,
                 "ADDR:PORT to listen on, wss://ADDR:PORT with TLS; repeatable; replaces the "
                 "file's listeners");
  app.add_option("--store", sources.store,
                 "what survives a restart: memory, or redis://… (see --print-config)");
  app.add_option("--operations", sources.operations, "ADDR:PORT of /livez and /readyz, or off");
  app.add_option("--set", sources.settings, "KEY=VALUE, any key of the configuration; repeatable")
      ->allow_extra_args(false);
  app.add_flag("--print-config", arguments.print_config,
               "print the configuration with defaults and meanings, and end");
  app.add_flag("--check", arguments.check, "say whether the configuration is good, and end");
  const auto prints = [&](const char* name, std::string (*print)(), const char* meaning) {
    app.add_flag_callback(
        name, [&arguments, print] { arguments.print = print; }, meaning);
  };
  prints("--print-reference", print_reference, "print the table of all keys, and end");
  prints("--print-limits", print_limits, "print the table of limits, and end");
  prints("--print-commands", command_table, "print the table of slash commands, and end");
  prints("--print-replies", reply_table,
         "print the table of numerics and standard replies, and end");
  CLI::App* hash = app.add_subcommand(
      "hash-password",
      "read a password (from the terminal, or standard input's first line) and print the hash "
      "that an [[operator]] table takes");
  hash->callback([&arguments] { arguments.hash_password = true; });
  add_tools(app, arguments);
  app.require_subcommand(0, 1);
}

}  // namespace signaller
