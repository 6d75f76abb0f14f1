// Peers that have lost their connection, and their deadlines for coming back.
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
  /// `bucket`: the cost bucket of its connection.
  void add(const irc::PeerId& id, std::int64_t deadline_ms, const port::TokenBucket& bucket = {});
  /// The bucket of a suspended peer; null: the peer is not suspended.
  [[nodiscard]] const port::TokenBucket* bucket_of(const irc::PeerId& id) const;
  /// The peer has come back, or its session has ended. Does nothing if it is not suspended.
  void remove(const irc::PeerId& id);
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  /// The first deadline, if a peer is suspended.
  [[nodiscard]] std::optional<std::int64_t> deadline_ms() const;
  /// A peer whose deadline has passed, if there is one.
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
