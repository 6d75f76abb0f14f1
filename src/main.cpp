// The program: command line → configuration → server.
#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/async.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "config.hpp"
#include "tables.hpp"
#include "wiring.hpp"

namespace signaller {
namespace {

constexpr std::size_t LogLines = 8192;  // that may wait to be written

struct Arguments {
  std::string config;
  std::vector<std::string> listen;
  std::string store;
  std::string operations;
  std::vector<std::string> settings;
  bool print_config = false;
  bool print_commands = false;
  bool print_replies = false;
  bool check = false;
};

void declare(CLI::App& app, Arguments& arguments) {
  app.set_version_flag("--version", std::string("signaller ") + SIGNALLER_VERSION);
  app.add_option("--config", arguments.config, "TOML file to read (see --print-config)");
  app.add_option("--listen", arguments.listen,
                 "ADDR:PORT to listen on; repeatable; replaces the file's listeners");
  app.add_option("--store", arguments.store, "what survives a restart: memory");
  app.add_option("--operations", arguments.operations, "ADDR:PORT of /livez and /readyz, or off");
  app.add_option("--set", arguments.settings, "KEY=VALUE, any key of the configuration; repeatable")
      ->allow_extra_args(false);
  app.add_flag("--print-config", arguments.print_config,
               "print the configuration with defaults and meanings, and end");
  app.add_flag("--print-commands", arguments.print_commands,
               "print the table of slash commands, and end");
  app.add_flag("--print-replies", arguments.print_replies,
               "print the table of numerics and standard replies, and end");
  app.add_flag("--check", arguments.check, "say whether the configuration is good, and end");
}

/// The first of the places where a configuration may lie; empty: none has one.
std::string find_config() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path beside = fs::read_symlink("/proc/self/exe", ignored).parent_path() / "server.conf";
  for (const fs::path& place :
       {fs::path("server.conf"), beside, fs::path("/etc/signaller/server.conf")}) {
    if (fs::is_regular_file(place, ignored)) return place.string();
  }
  return {};
}

/// @throws std::runtime_error  what is wrong
Config configure(const Arguments& arguments) {
  Config config;
  const auto demand = [](const ConfigError& problem) {
    if (!problem.empty()) throw std::runtime_error(problem);
  };
  std::string file = arguments.config;
  if (file.empty() && !arguments.print_config) file = find_config();
  if (!file.empty()) demand(read_config(file, config));
  if (!arguments.listen.empty()) {
    config.listen.clear();
    for (const std::string& address : arguments.listen) config.listen.push_back({address, {}});
    config.operations = "off";
  }
  if (!arguments.store.empty()) config.store = arguments.store;
  for (const std::string& setting : arguments.settings) demand(set_config(setting, config));
  if (!arguments.operations.empty()) config.operations = arguments.operations;
  demand(check_config(config));
  return config;
}

void start_log(const Config& config) {
  // Asynchronous, and rather without a line than waiting: whoever reads stderr may be stuck.
  spdlog::init_thread_pool(LogLines, 1);
  auto logger = spdlog::create_async_nb<spdlog::sinks::stderr_color_sink_mt>("signaller");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
  logger->set_level(spdlog::level::from_str(config.log_level));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

/// A socket must never become descriptor 0, 1 or 2, where texts go.
void keep_standard_descriptors() {
  for (int descriptor = ::open("/dev/null", O_RDWR); descriptor >= 0;
       descriptor = ::open("/dev/null", O_RDWR)) {
    if (descriptor > 2) {
      ::close(descriptor);
      return;
    }
  }
}

/// A connection is a descriptor: as many as the system lets us have.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) spdlog::warn("the descriptor limit stays low");
}

void serve(const Config& config) {
  start_log(config);
  raise_descriptor_limit();
  (void)std::signal(SIGPIPE, SIG_IGN);
  Wiring wiring(config);
  asio::signal_set signals(wiring.server().context(), SIGTERM, SIGINT);
  signals.async_wait([&wiring](const std::error_code& error, int) {
    if (!error) wiring.server().stop();
  });
  spdlog::info("signaller {} starts; store: memory (nothing survives a restart)",
               SIGNALLER_VERSION);
  for (const std::string& line : wiring.announcements()) fmt::print("{}\n", line);
  (void)std::fflush(stdout);
  wiring.server().run();
  spdlog::info("stopped");
}

int run(const Arguments& arguments) {
  if (arguments.print_commands) {
    fmt::print("{}", command_table());
    return 0;
  }
  if (arguments.print_replies) {
    fmt::print("{}", reply_table());
    return 0;
  }
  const Config config = configure(arguments);
  if (arguments.print_config) {
    fmt::print("{}", print_config(config));
  } else if (arguments.check) {
    fmt::print("the configuration is good\n");
  } else {
    serve(config);
  }
  return 0;
}

}  // namespace
}  // namespace signaller

int main(int argc, char** argv) {
  signaller::keep_standard_descriptors();
  CLI::App app{"Signaller: chat, danmaku and WebRTC signalling over one WebSocket"};
  signaller::Arguments arguments;
  signaller::declare(app, arguments);
  CLI11_PARSE(app, argc, argv);
  try {
    return signaller::run(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "signaller: {}\n", error.what());
    return 1;
  }
}
