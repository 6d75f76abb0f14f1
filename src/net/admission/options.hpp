// The limits and rules by which clients are let in.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace signaller::net {

struct AdmissionOptions {
  std::vector<std::string> trusted_proxies;  ///< addresses and CIDRs
  std::size_t address_connections = 1'000;   ///< open at once; an IPv6 /64 is one; 0: no limit
  double address_connect_rate = 50;          ///< new ones a second; 0: no limit
  double address_connect_burst = 1'000;
};

}  // namespace signaller::net
