// The first commands of a connection, and the information about Redis that they return.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "persist/redis/redis_link.hpp"

namespace signaller::persist {

struct RedisHandshake {
  std::string problem;  ///< why this Redis is unusable now; empty: it is usable
  std::string run_id;   ///< run_id of Redis, new for each of its starts
  /// Settings with which Redis may lose confirmed writes, one sentence each.
  std::vector<std::string> warnings;
};

/// Sends AUTH, SELECT, INFO, CLIENT SETNAME and CONFIG GET.
/// @param done  called once, unless the link is lost first
/// @param name  name of the connection in CLIENT LIST
void shake_hands(RedisLink& link, const RedisUrl& url, std::function<void(RedisHandshake)> done,
                 std::string name = "signaller");

/// The value of the line `name:value` of INFO; empty if there is no such line.
std::string_view info_value(std::string_view info, std::string_view name);

}  // namespace signaller::persist
