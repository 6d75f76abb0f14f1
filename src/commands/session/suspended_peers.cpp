#include "commands/session/suspended_peers.hpp"

namespace signaller::commands {

void SuspendedPeers::add(const irc::PeerId& id, std::int64_t deadline_ms,
                         const port::TokenBucket& bucket) {
  remove(id);
  places_.emplace(id, Place{by_deadline_.emplace(deadline_ms, id),
                            by_arrival_.emplace_hint(by_arrival_.end(), ++arrivals_, id), bucket});
}

const port::TokenBucket* SuspendedPeers::bucket_of(const irc::PeerId& id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? nullptr : &found->second.bucket;
}

void SuspendedPeers::remove(const irc::PeerId& id) {
  const auto found = places_.find(id);
  if (found == places_.end()) return;
  by_deadline_.erase(found->second.deadline);
  by_arrival_.erase(found->second.arrival);
  places_.erase(found);
}

std::optional<std::int64_t> SuspendedPeers::deadline_ms() const {
  if (by_deadline_.empty()) return std::nullopt;
  return by_deadline_.begin()->first;
}

std::optional<irc::PeerId> SuspendedPeers::overdue(std::int64_t now_ms) const {
  if (by_deadline_.empty() || by_deadline_.begin()->first > now_ms) return std::nullopt;
  return by_deadline_.begin()->second;
}

}  // namespace signaller::commands
