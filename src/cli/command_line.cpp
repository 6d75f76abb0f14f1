#include "cli/command_line.hpp"

#include "cli/generated_tables.hpp"

namespace signaller {
namespace {

/// Adds a subcommand that works on a store. The options of the store are those of the server.
CLI::App& add_tool(CLI::App& app, CommandLine& arguments, const char* name, Tool tool,
                   const char* meaning) {
  ConfigSources& sources = arguments.sources;
  ToolOptions& options = arguments.tool_options;
  CLI::App& sub = *app.add_subcommand(name, meaning);
  sub.add_option("--store", sources.store,
                 "URL of the store, redis://…; default: the configured one");
  sub.add_option("--prefix", options.prefix, "prefix of its keys; default: store_prefix");
  sub.add_option("--config", sources.file, "configuration file, in TOML");
  sub.add_option("--set", sources.settings, "KEY=VALUE for any configuration key; repeatable")
      ->allow_extra_args(false);
  sub.add_option(
      "--timeout", options.timeout,
      "longest wait for an answer of Redis, such as 500ms or 2s; default: store_timeout");
  sub.add_flag("--json", options.json, "print JSON");
  sub.callback([&arguments, tool] { arguments.tool = tool; });
  return sub;
}

void add_tools(CLI::App& app, CommandLine& arguments) {
  ToolOptions& options = arguments.tool_options;
  CLI::App& inspect =
      add_tool(app, arguments, "inspect", inspect_store,
               "show what is stored in Redis. Changes nothing; a server may be running.\n"
               "Exit code 0: all is readable; 1: cannot be read; 2: some values are faulty");
  inspect.add_option("--channels", options.channels, "number of channels to list, largest first")
      ->capture_default_str();
  inspect.add_option("--ghosts", options.ghosts, "number of peers with a session to list")
      ->capture_default_str();
  CLI::App& gc =
      add_tool(app, arguments, "gc", collect_garbage,
               "remove unreachable keys from Redis. No server may be running on it.\n"
               "Exit code 0: done; 1: failed; 2: done, but unreadable or unknown keys remain");
  gc.add_flag("--dry-run", options.dry_run,
              "only list what would be removed; a server may be running");
  gc.add_flag("--corrupt", options.corrupt, "remove unreadable values too");
  gc.add_option("--keys", options.keys, "number of keys of each kind to list")
      ->capture_default_str();
}

}  // namespace

void declare(CLI::App& app, CommandLine& arguments) {
  ConfigSources& sources = arguments.sources;
  app.set_version_flag("--version", std::string("signaller ") + SIGNALLER_VERSION);
  app.add_option("--config", sources.file, "configuration file, in TOML (see --print-config)");
  app.add_option("--listen", sources.listen,
                 "ADDR:PORT to listen on, wss://ADDR:PORT for TLS; repeatable; replaces the "
                 "listeners of the configuration file");
  app.add_option("--store", sources.store,
                 "where state is kept: memory, or redis://… (see --print-config)");
  app.add_option("--operations", sources.operations,
                 "ADDR:PORT of /livez, /readyz and /metrics, or off");
  app.add_option("--set", sources.settings, "KEY=VALUE for any configuration key; repeatable")
      ->allow_extra_args(false);
  app.add_flag("--print-config", arguments.print_config,
               "print the configuration with a comment for each key, and exit");
  app.add_flag("--check", arguments.check, "check the configuration, and exit");
  const auto prints = [&](const char* name, std::string (*print)(), const char* meaning) {
    app.add_flag_callback(
        name, [&arguments, print] { arguments.print = print; }, meaning);
  };
  prints("--print-reference", print_reference, "print the table of configuration keys, and exit");
  prints("--print-limits", print_limits, "print the table of limits, and exit");
  prints("--print-commands", command_table, "print the table of slash commands, and exit");
  prints("--print-modes", mode_table, "print the table of channel modes, and exit");
  prints("--print-protocols", protocol_list, "print the table of protocols, and exit");
  prints("--print-replies", reply_table,
         "print the table of numerics and standard replies, and exit");
  CLI::App* hash = app.add_subcommand(
      "hash-password",
      "read a password (from the terminal, or the first line of standard input) and print its "
      "hash for an [[operator]] table");
  hash->callback([&arguments] { arguments.hash_password = true; });
  add_tools(app, arguments);
  app.require_subcommand(0, 1);
}

}  // namespace signaller
