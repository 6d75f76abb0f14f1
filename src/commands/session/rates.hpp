// Limits the cost of each connection and of each address, and the errors of each connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "port/bucket.hpp"

namespace signaller::commands {

/// The shared use of all connections of an address.
struct AddressUse {
  port::TokenBucket bucket;
  std::size_t connections = 0;
};

/// The addresses in use, by port::limit_key. An address without connections is removed once its
/// bucket is full again.
class Addresses {
 public:
  /// Counts one more connection. The reference stays valid until the last one has left.
  /// @param rate    of the bucket, units a second
  /// @param now_ms  steady
  AddressUse& enter(std::string_view address, double rate, std::int64_t now_ms);
  static void leave(AddressUse& use) { --use.connections; }
  [[nodiscard]] std::size_t size() const { return uses_.size(); }

 private:
  std::unordered_map<std::string, AddressUse> uses_;
  std::size_t sweep_at_ = 1'024;
};

/// The number of refusals of a connection within the last minute. It is estimated from the counts
/// of this minute and of the minute before, whose refusals are taken to be spread evenly.
class ErrorRate {
 public:
  void add(std::int64_t now_ms);
  /// Whether the rate has reached the limit. `limit` 0: never.
  [[nodiscard]] bool reach(std::size_t limit) const;

 private:
  static constexpr std::int64_t WithinMs = 60'000;
  std::int64_t since_ms_ = 0;  ///< when this minute began
  std::int64_t last_ms_ = 0;
  std::size_t count_ = 0;   ///< in this minute
  std::size_t before_ = 0;  ///< in the one before
};

}  // namespace signaller::commands
