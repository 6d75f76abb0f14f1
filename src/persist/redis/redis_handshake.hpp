// What is said at the begin of each connection, and what Redis tells of itself.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "persist/redis/redis_link.hpp"

namespace signaller::persist {

struct RedisHandshake {
  std::string problem;  ///< why it cannot be used now; empty: it can
  std::string run;      ///< Redis's run_id: another one after each of its starts
  /// How this Redis may lose what it has confirmed.
  std::vector<std::string> warnings;
};

/// AUTH, SELECT, CLIENT SETNAME, INFO.
/// @param done  called once, unless the link is lost before
/// @param name  of the connection, in CLIENT LIST
void shake_hands(RedisLink& link, const RedisUrl& url, std::function<void(RedisHandshake)> done,
                 std::string name = "signaller");

/// A line `name:value` of INFO; empty if there is none.
std::string_view info_value(std::string_view info, std::string_view name);

}  // namespace signaller::persist
