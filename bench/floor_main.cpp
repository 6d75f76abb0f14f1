// signaller-floor: the baseline server for fan-out measurements; see floor.hpp.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#include "floor.hpp"
#include "process.hpp"

int main(int argc, char** argv) {
  CLI::App app("A server that writes each message to each member with a send() of its own.");
  std::string address = "127.0.0.1";
  std::uint16_t port = 3013;
  app.add_option("--address", address, "IPv4 address to listen on")->capture_default_str();
  app.add_option("--port", port, "port to listen on")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  signaller::bench::raise_descriptor_limit(100'000);
  signaller::bench::Floor floor;
  if (!floor.listen(address, port)) {
    (void)std::fprintf(stderr, "signaller-floor: %s:%u: %s\n", address.c_str(), unsigned{port},
                       std::strerror(errno));
    return 1;
  }
  floor.run();
}
