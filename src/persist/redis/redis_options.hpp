// Settings of a Redis store.
#pragma once

#include <chrono>
#include <string>

#include "persist/redis/redis_url.hpp"

namespace signaller::persist {

struct RedisOptions {
  RedisUrl url;
  std::string prefix = "signaller:";  ///< prefix of all keys
  std::string boot;                   ///< random id of this server start
  /// fingerprint of the secret key that hashes secrets; empty: not checked
  std::string key_fingerprint;
  std::string key_file;     ///< path of the key file, for messages
  bool key_is_new = false;  ///< there was no key file: this start has made a new key
  /// Time to live of the lease. Bounds how long a successor waits for a dead server. The server
  /// renews the lease after each third of this time.
  std::chrono::milliseconds lease_ttl{10'000};
  /// Maximum silence of Redis while a reply is pending.
  std::chrono::milliseconds timeout{2'000};
};

}  // namespace signaller::persist
