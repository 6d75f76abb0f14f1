// The limits and rules for new connections.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace signaller::net {

struct AdmissionOptions {
  std::vector<std::string> trusted_proxies;  ///< addresses and CIDRs
  /// Maximum number of open connections of one address or IPv6 /64; 0: no limit.
  std::size_t address_connections = 1'000;
  double address_connect_rate = 50;  ///< maximum number of new connections a second; 0: no limit
  double address_connect_burst = 1'000;
};

}  // namespace signaller::net
