// The costs of all connections and requests of one address together, over all protocols.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>

#include "port/address.hpp"
#include "port/bucket.hpp"

namespace signaller::port {

/// The account of one address, or of one IPv6 /64 (port::limit_key).
struct AddressUse {
  TokenBucket bucket;
  std::size_t connections = 0;
};

/// The accounts of all addresses. The application owns the accounts and lends them to every
/// protocol. An account without connections is deleted once its bucket is full again. The core's
/// thread only.
class AddressCosts {
 public:
  /// @param rate   units a second that fill each bucket; 0: no limit
  /// @param burst  units that a bucket holds
  void set_limits(double rate, double burst) {
    rate_ = rate;
    burst_ = burst;
  }

  /// Counts one more connection of the address, until `leave`. The reference stays valid until the
  /// last connection of the address has left.
  /// @param now_ms  steady clock
  AddressUse& enter(std::string_view address, std::int64_t now_ms) {
    AddressUse& use = find(address, now_ms);
    ++use.connections;
    return use;
  }
  static void leave(AddressUse& use) { --use.connections; }

  /// Takes units out of the address's bucket, if the bucket has enough.
  /// @param now_ms  steady clock
  /// @returns 0 if the units were taken; otherwise the time in ms until a next try may succeed
  std::int64_t take(AddressUse& use, double units, std::int64_t now_ms) const {
    return use.bucket.take(units, rate_, burst_, now_ms);
  }
  /// As `take`, for an HTTP request, for which `enter` is not called.
  std::int64_t charge(std::string_view address, double units, std::int64_t now_ms) {
    return take(find(address, now_ms), units, now_ms);
  }

  /// The number of addresses that have an account.
  [[nodiscard]] std::size_t size() const { return uses_.size(); }

 private:
  AddressUse& find(std::string_view address, std::int64_t now_ms) {
    if (uses_.size() >= sweep_at_) sweep(now_ms);
    return uses_[limit_key(address)];
  }
  void sweep(std::int64_t now_ms) {
    for (auto at = uses_.begin(); at != uses_.end();) {
      const AddressUse& use = at->second;
      const bool idle = use.connections == 0 && use.bucket.is_idle(rate_, now_ms);
      at = idle ? uses_.erase(at) : std::next(at);
    }
    sweep_at_ = std::max(Soonest, 2 * uses_.size());
  }

  static constexpr std::size_t Soonest =
      1'024;  ///< number of accounts above which idle ones are deleted
  double rate_ = 0;
  double burst_ = 0;
  std::unordered_map<std::string, AddressUse> uses_;
  std::size_t sweep_at_ = Soonest;
};

}  // namespace signaller::port
