// When each peer last spoke in a channel, for slow mode.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "irc/text/object_id.hpp"

namespace signaller::irc {

/// Times are steady milliseconds. Bounded: forgets all peers above 65,536 entries.
class LastSpoken {
 public:
  /// 0: not in the table, so the peer may speak.
  [[nodiscard]] std::int64_t find(const PeerId& id) const;
  /// The peer speaks now.
  /// @param slow_s  the channel's slow mode, in seconds; older entries are dropped at times
  void note(const PeerId& id, std::int64_t now_ms, std::uint32_t slow_s);
  /// Slow mode has ended.
  void clear() { times_.clear(); }

 private:
  std::map<PeerId, std::int64_t> times_;
  std::size_t sweep_at_ = 0;  ///< number of entries at which old ones are dropped next
};

}  // namespace signaller::irc
