#include "target.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <charconv>

namespace signaller::bench {

std::optional<Target> Target::parse(std::string_view url) {
  Target target;
  target.secure = url.substr(0, 6) == "wss://";
  if (!target.secure && url.substr(0, 5) != "ws://") return std::nullopt;
  url.remove_prefix(url.find("//") + 2);
  target.host = url.substr(0, url.find('/'));
  target.path = target.host.size() < url.size() ? url.substr(target.host.size()) : "/";
  const auto colon = target.host.find(':');
  std::uint16_t port = 80;
  if (colon != std::string::npos) {
    const char* end = target.host.data() + target.host.size();
    const auto parsed = std::from_chars(target.host.data() + colon + 1, end, port);
    if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  }
  target.address.sin_family = AF_INET;
  target.address.sin_port = htons(port);
  const std::string address = target.host.substr(0, colon);
  if (inet_pton(AF_INET, address.c_str(), &target.address.sin_addr) != 1) return std::nullopt;
  return target;
}

bool bind_source(int fd, std::uint32_t address) {
  sockaddr_in source{};
  source.sin_family = AF_INET;
  source.sin_addr.s_addr = htonl(address);
  const int on = 1;
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  return bind(fd, reinterpret_cast<const sockaddr*>(&source), sizeof source) == 0;
}

}  // namespace signaller::bench
