#include "command_line.hpp"

#include "tables.hpp"

namespace signaller {

void declare(CLI::App& app, CommandLine& arguments) {
  Sources& sources = arguments.sources;
  app.set_version_flag("--version", std::string("signaller ") + SIGNALLER_VERSION);
  app.add_option("--config", sources.file, "TOML file to read (see --print-config)");
  app.add_option("--listen", sources.listen,
                 "ADDR:PORT to listen on, wss://ADDR:PORT with TLS; repeatable; replaces the "
                 "file's listeners");
  app.add_option("--store", sources.store, "what survives a restart: memory");
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
}

}  // namespace signaller
