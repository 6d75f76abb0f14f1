// When each peer last spoke in a channel, for slow mode.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "irc/text/object_id.hpp"

namespace signaller::irc {

/// A table of peers and times (steady ms). Bounded: forgets all peers when it exceeds 65,536
/// entries.
class LastSpoken {
 public:
  /// When the peer last spoke. 0: the peer is not in the table, so it may speak.
  [[nodiscard]] std::int64_t find(const PeerId& id) const;
  /// Records that the peer speaks now. Drops older entries from time to time.
  /// @param slow_s  the channel's slow mode, in seconds
  void note(const PeerId& id, std::int64_t now_ms, std::uint32_t slow_s);
  /// Removes all entries: slow mode has ended.
  void clear() { times_.clear(); }

 private:
  std::map<PeerId, std::int64_t> times_;
  std::size_t sweep_at_ = 0;  ///< old entries are dropped when the table has this many entries
};

}  // namespace signaller::irc
