// Owned ids without a session. A client that shows the secret of such an id gets the id back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "irc/peer.hpp"

namespace signaller::irc {

/// The part of an owned peer that outlives its session.
struct Identity {
  Claim claim;
  PeerState state;
  std::int64_t created_ms = 0;  ///< Unix milliseconds
  std::int64_t seen_ms = 0;     ///< Unix milliseconds: end of the session
  bool stored = false;          ///< the store has a record under the id, or may have one
};

class Identities {
 public:
  [[nodiscard]] const Identity* find(const PeerId& id) const;
  [[nodiscard]] std::size_t size() const { return by_id_.size(); }
  [[nodiscard]] const std::unordered_map<PeerId, Identity>& all() const { return by_id_; }
  void keep(const PeerId& id, Identity identity);
  /// Marks the identity as stored. Returns false if there is no such identity.
  bool note_stored(const PeerId& id);
  /// If all identities together have more than `most` blocks, drops the blocks of the identity that
  /// is unseen for longest, and returns its id.
  std::optional<PeerId> drop_blocks(std::size_t most);
  /// Removes an identity, because its peer is back or the identity has expired.
  void erase(const PeerId& id);
  /// Pairs of `seen_ms` and id, in order: the identity that is unseen for longest is first.
  [[nodiscard]] const std::set<std::pair<std::int64_t, PeerId>>& by_age() const { return by_age_; }

 private:
  std::unordered_map<PeerId, Identity> by_id_;
  std::set<std::pair<std::int64_t, PeerId>> by_age_;
  /// Identities that have blocks, in the order of `seen_ms`.
  std::set<std::pair<std::int64_t, PeerId>> blocking_;
  std::size_t blocks_ = 0;
};

}  // namespace signaller::irc
