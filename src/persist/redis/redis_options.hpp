// What a Redis store has to be told.
#pragma once

#include <chrono>
#include <string>

#include "persist/redis/redis_url.hpp"

namespace signaller::persist {

struct RedisOptions {
  RedisUrl url;
  std::string prefix = "signaller:";  ///< of all keys
  std::string boot;                   ///< of this start of the server; no other one's
  std::string key_fingerprint;        ///< of the secret key that hashes secrets; empty: unchecked
  std::string key_file;               ///< where that key is, for messages
  bool key_made = false;              ///< it is not there yet
  /// Who has died is followed after it at the latest; renewed three times as often.
  std::chrono::milliseconds lease_ttl{10'000};
  /// How long Redis may say nothing when it is asked.
  std::chrono::milliseconds timeout{2'000};
};

}  // namespace signaller::persist
