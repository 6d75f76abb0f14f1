// The server under test, and the source addresses of clients.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::bench {

struct Target {
  sockaddr_in address{};
  std::string host;  ///< value of the Host header
  std::string path;
  bool secure = false;  ///< whether to use TLS (wss)
  /// Number of peers for each source address: 127.0.0.1, then 127.0.0.2, and so on. An address has
  /// enough ephemeral ports for so many.
  std::uint32_t peers_of_address = 5'000;

  /// Parses `ws://1.2.3.4:3012/path` or `wss://…`; the host has to be an IPv4 address.
  static std::optional<Target> parse(std::string_view url);
};

/// Binds an unconnected socket to this IPv4 address (host byte order). Returns false on failure;
/// errno has the reason.
bool bind_source(int fd, std::uint32_t address);

}  // namespace signaller::bench
