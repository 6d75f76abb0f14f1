// Suspended peers, and the deadlines until which they may resume.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>

#include "irc/text/object_id.hpp"
#include "port/bucket.hpp"

namespace signaller::commands {

/// Times are steady milliseconds.
class SuspendedPeers {
 public:
  /// `bucket`: the cost bucket of the lost connection.
  void add(const irc::PeerId& id, std::int64_t deadline_ms, const port::TokenBucket& bucket = {});
  /// The bucket of a suspended peer; null: the peer is not suspended.
  [[nodiscard]] const port::TokenBucket* bucket_of(const irc::PeerId& id) const;
  /// Removes a peer that has resumed, or whose session has ended. Does nothing for other peers.
  void remove(const irc::PeerId& id);
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  /// The first deadline; nothing if no peer is suspended.
  [[nodiscard]] std::optional<std::int64_t> deadline_ms() const;
  /// A peer whose deadline has passed; nothing if there is none.
  [[nodiscard]] std::optional<irc::PeerId> overdue(std::int64_t now_ms) const;
  /// The peer that was suspended first. Precondition: size() > 0.
  [[nodiscard]] irc::PeerId oldest() const { return by_arrival_.begin()->second; }

 private:
  using ByDeadline = std::multimap<std::int64_t, irc::PeerId>;
  using ByArrival = std::map<std::uint64_t, irc::PeerId>;
  struct Place {
    ByDeadline::iterator deadline;
    ByArrival::iterator arrival;
    port::TokenBucket bucket;
  };
  ByDeadline by_deadline_;
  ByArrival by_arrival_;
  std::unordered_map<irc::PeerId, Place> places_;
  std::uint64_t arrivals_ = 0;
};

}  // namespace signaller::commands
