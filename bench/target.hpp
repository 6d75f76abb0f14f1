// Whom the benchmarks' clients connect to, and from which address.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::bench {

struct Target {
  sockaddr_in address{};
  std::string host;  ///< as the Host header says it
  std::string path;
  bool secure = false;  ///< wss
  /// How many peers come from 127.0.0.1 before the next ones come from 127.0.0.2, and so on:
  /// few enough of an address's ports that one is found at once.
  std::uint32_t peers_of_address = 5'000;

  /// `ws://1.2.3.4:3012/path` or `wss://…`: an address, no name.
  static std::optional<Target> parse(std::string_view url);
};

/// Lets a socket that is not connected yet come from this IPv4 address (in the host's order).
/// False: errno says why.
bool bind_source(int fd, std::uint32_t address);

}  // namespace signaller::bench
