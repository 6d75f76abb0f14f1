// The program: command line → configuration → server; signals. src/ itself holds this file only.
// Everything longer than a few lines belongs to a room. The main thread runs it, and becomes the
// thread of the first shard.
#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "app/application.hpp"
#include "app/server_options.hpp"
#include "app/signals.hpp"
#include "cli/command_line.hpp"
#include "cli/hash_password.hpp"
#include "config/load.hpp"
#include "log/log.hpp"
#include "log/log_text.hpp"
#include "net/server.hpp"

namespace signaller {
namespace {

/// Writes to standard output. Throws if the disk is full or the pipe is closed.
void print_out(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return;
  throw std::runtime_error(
      fmt::format("cannot write to standard output: {}", std::strerror(errno)));
}

/// Opens /dev/null as descriptors 0, 1 and 2 if they are closed, so that no socket gets one of
/// these numbers and receives the program's output.
void keep_standard_descriptors() {
  for (int descriptor = ::open("/dev/null", O_RDWR); descriptor >= 0;
       descriptor = ::open("/dev/null", O_RDWR)) {
    if (descriptor > 2) {
      ::close(descriptor);
      return;
    }
  }
}

/// Raises the limit of open files to the hard limit, because each connection needs a descriptor.
void raise_descriptor_limit(Log& log) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    log[Component::Server].warn("cannot raise the limit of open files (ulimit -n) to {}: {}",
                                limit.rlim_max, std::strerror(errno));
  }
}

/// Warns about configuration files that every user may change: whoever changes them can become a
/// server operator.
void check_modes(const LoadedConfig& loaded, Log& log) {
  const Config& config = loaded.config;
  for (const std::string& path : {loaded.file, config.operators_file, config.password_file}) {
    struct stat about {};
    if (path.empty() || ::stat(path.c_str(), &about) != 0 || (about.st_mode & S_IWOTH) == 0)
      continue;
    log[Component::Config].warn("{}: every user may change this file (mode {:04o}): chmod o-w {}",
                                in_quotes(path), about.st_mode & 07777U, in_quotes(path));
  }
}

void serve(ConfigSources sources, LoadedConfig loaded) {
  Log log(loaded.config.log);
  spdlog::logger& server = log[Component::Server];
  raise_descriptor_limit(log);
  if (const auto most = net::Server::connections_possible(); most < loaded.config.net.connections) {
    server.warn(
        "net.connections is {}, but the limit of open files allows only {} connections: raise "
        "ulimit -n or LimitNOFILE=",
        loaded.config.net.connections, most);
  }
  (void)std::signal(SIGPIPE, SIG_IGN);
  server.info("signaller {} starts; store: {}", SIGNALLER_VERSION,
              loaded.config.store == "memory" ? "memory (nothing survives a restart)"
                                              : store_text(loaded.config.store));
  log[Component::Config].info("configuration file: {}", loaded.file.empty() ? "none" : loaded.file);
  check_modes(loaded, log);
  sources.file = loaded.file;  // a reload reads the file that was found at the start
  Application application(std::move(sources), std::move(loaded), log);
  {
    const Signals signals(application);
    for (const std::string& line : application.announcements()) {
      fmt::print("{}\n", line);
      log[Component::Net].info("{}", line);
    }
    (void)std::fflush(stdout);
    application.server().run();
  }
  server.info("the server has stopped");
}

int run_tool(const CommandLine& arguments, const ConfigSources& sources) {
  const ToolResult end = arguments.tool(sources, arguments.tool_options);
  print_out(end.out);
  if (!end.error.empty()) fmt::print(stderr, "signaller: {}\n", end.error);
  return end.code;
}

int run(const CommandLine& arguments) {
  if (arguments.hash_password) {
    print_out(hash_password_command() + "\n");
    return 0;
  }
  if (arguments.print != nullptr) {
    print_out(arguments.print());
    return 0;
  }
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
  ConfigSources sources = arguments.sources;
  sources.no_file = arguments.print_config;
  sources.environment = signaller_variables(environ);
  if (arguments.tool != nullptr) return run_tool(arguments, sources);
  LoadedConfig loaded = load_config(sources);
  if (arguments.print_config) {
    print_out(print_config(loaded.config));
  } else if (arguments.check) {
    check_surroundings(loaded.config);
    print_out("the configuration is valid\n");
  } else {
    serve(std::move(sources), std::move(loaded));
  }
  return 0;
}

/// Prints the message of `error`, which CLI11 also uses for --help and --version. Returns the exit
/// code; 1 if standard output cannot be written.
int tell(const CLI::App& app, const CLI::ParseError& error) {
  const int code = app.exit(error);
  std::cout.flush();
  if (std::cout) return code;
  fmt::print(stderr, "signaller: cannot write to standard output\n");
  return 1;
}

}  // namespace
}  // namespace signaller

int main(int argc, char** argv) {
  signaller::keep_standard_descriptors();
  CLI::App app{"Signaller: chat, danmaku and WebRTC signalling over one WebSocket"};
  signaller::CommandLine arguments;
  signaller::declare(app, arguments);
  try {
    app.parse(argc, argv);
    return signaller::run(arguments);
  } catch (const CLI::ParseError& error) {
    return signaller::tell(app, error);
  } catch (const std::exception& error) {
    fmt::print(stderr, "signaller: {}\n", error.what());
    return 1;
  }
}
