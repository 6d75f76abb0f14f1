// Owned ids whose session has ended: whoever shows the secret has them again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "irc/peer.hpp"

namespace signaller::irc {

/// What stays of a peer.
struct Identity {
  Claim claim;
  PeerState state;
  std::int64_t created_ms = 0;  ///< Unix
  std::int64_t seen_ms = 0;     ///< Unix: when its session ended
  bool stored = false;          ///< the store has something under the id, or may have
};

class Identities {
 public:
  [[nodiscard]] const Identity* find(const PeerId& id) const;
  [[nodiscard]] std::size_t size() const { return by_id_.size(); }
  [[nodiscard]] const std::unordered_map<PeerId, Identity>& all() const { return by_id_; }
  void keep(const PeerId& id, Identity identity);
  /// The store has it from now on. False: it is not there.
  bool note_stored(const PeerId& id);
  /// An id whose blocks are dropped, since those of all are more than `most`; the longest unseen
  /// one that has any. Nothing: they are not.
  std::optional<PeerId> drop_blocks(std::size_t most);
  /// Takes it out: its peer is back, or it is forgotten.
  void erase(const PeerId& id);
  /// Unseen for the longest time; they are in order.
  [[nodiscard]] const std::set<std::pair<std::int64_t, PeerId>>& by_age() const { return by_age_; }

 private:
  std::unordered_map<PeerId, Identity> by_id_;
  std::set<std::pair<std::int64_t, PeerId>> by_age_;
  std::set<std::pair<std::int64_t, PeerId>> blocking_;  ///< those that have blocks, by age
  std::size_t blocks_ = 0;
};

}  // namespace signaller::irc
