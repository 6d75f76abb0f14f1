// What has changed and is not stored yet: keys only, so that an outage of the store costs no
// more memory than the state itself.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "irc/object_id.hpp"

namespace signaller::irc {

struct Dirty {
  std::set<PeerId> peers;
  std::set<std::string> channels;                    ///< folded names
  std::set<std::pair<std::string, PeerId>> members;  ///< folded name, member

  [[nodiscard]] bool empty() const { return peers.empty() && channels.empty() && members.empty(); }
  /// Adds the marks of a batch that the store has refused.
  void merge(Dirty&& other) {
    peers.merge(other.peers);
    channels.merge(other.channels);
    members.merge(other.members);
  }
};

}  // namespace signaller::irc
