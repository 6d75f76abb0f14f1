#include "app/server_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "app/protocols.hpp"
#include "app/secret_key.hpp"
#include "net/core/mount.hpp"

namespace signaller {
namespace {

net::ListenOptions listener(const Listen& listen) {
  net::ListenOptions options = parse_address(listen.address);
  options.mounts = listen.paths;
  options.proxy = listen.proxy;
  if (options.mounts.empty()) options.mounts = mounts_of(MountPlace::EveryListener);
  return options;
}

}  // namespace

net::ServerOptions server_options(const Config& config) {
  net::ServerOptions options = config.net;
  options.listeners.clear();
  for (const Listen& listen : config.listen) {
    options.listeners.push_back(listener(listen));
  }
  if (!config.host.empty()) options.listeners.push_back(listener({config.host, {}}));
  if (config.operations != "off") {
    net::ListenOptions operations = parse_address(config.operations);
    operations.operations = true;
    operations.mounts = mounts_of(MountPlace::OperationsListener);
    options.listeners.push_back(std::move(operations));
  }
  return options;
}

void check_surroundings(const Config& config) {
  check_secret_key(config.secret_key_file);
  if (!config.net.tls.key.empty()) (void)net::TlsContext(config.net.tls);
  std::set<std::string, std::less<>> names;
  for (const ProtocolEntry& entry : protocol_table()) {
    for (const port::Endpoint& endpoint : entry.paths()) names.emplace(endpoint.name);
  }
  const net::ServerOptions options = server_options(config);
  for (const net::ListenOptions& listen : options.listeners) {
    net::Routes routes;
    for (const net::Mount& mount : listen.mounts) {
      for (const ProtocolEntry& entry : protocol_table()) {
        net::add_mount(routes, mount, {0, entry.paths(), {}}, options);
      }
      if (names.count(mount.endpoint) != 0) continue;
      throw std::runtime_error(fmt::format("listen: path {}: there is no protocol '{}', only {}",
                                           mount.path, mount.endpoint, fmt::join(names, ", ")));
    }
  }
}

}  // namespace signaller
