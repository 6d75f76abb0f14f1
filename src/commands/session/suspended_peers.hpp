// Peers whose connection is lost: who they are, and until when they may come back.
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
  /// `bucket`: what it had left to spend.
  void add(const irc::PeerId& id, std::int64_t deadline_ms, const port::TokenBucket& bucket = {});
  /// The bucket of somebody who is here; null: it is not.
  [[nodiscard]] const port::TokenBucket* bucket_of(const irc::PeerId& id) const;
  /// It has come back, or its session has ended. No harm if it is not here.
  void remove(const irc::PeerId& id);
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  /// When the first deadline is over, if anybody is here.
  [[nodiscard]] std::optional<std::int64_t> deadline_ms() const;
  /// Somebody whose time is over.
  [[nodiscard]] std::optional<irc::PeerId> overdue(std::int64_t now_ms) const;
  /// Who has been here longest; there is somebody.
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
