// Who may do how much: each connection, and all of one address together; and who errs too often.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "port/bucket.hpp"

namespace signaller::commands {

/// What the connections of an address use together.
struct AddressUse {
  port::TokenBucket bucket;
  std::size_t connections = 0;
};

/// By port::limit_key. One that nobody is connected from is forgotten once its bucket is full
/// again.
class Addresses {
 public:
  /// One more connection from there. The reference stays good until the last one has left.
  /// @param rate    of the bucket, units a second
  /// @param now_ms  steady
  AddressUse& enter(std::string_view address, double rate, std::int64_t now_ms);
  static void leave(AddressUse& use) { --use.connections; }
  [[nodiscard]] std::size_t size() const { return uses_.size(); }

 private:
  std::unordered_map<std::string, AddressUse> uses_;
  std::size_t sweep_at_ = 1'024;
};

/// How often a connection was refused something within the last minute: those of this minute, and
/// as many of the one before as lie within (taken to be spread over it).
class ErrorRate {
 public:
  void add(std::int64_t now_ms);
  /// Whether the last one was one too many; `limit` 0: it never is.
  [[nodiscard]] bool reach(std::size_t limit) const;

 private:
  static constexpr std::int64_t WithinMs = 60'000;
  std::int64_t since_ms_ = 0;  ///< when this minute began
  std::int64_t last_ms_ = 0;
  std::size_t count_ = 0;   ///< in this minute
  std::size_t before_ = 0;  ///< in the one before
};

}  // namespace signaller::commands
