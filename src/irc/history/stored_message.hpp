// A message as it is kept: to be sent again in the form that its reader wants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "irc/text/object_id.hpp"

namespace signaller::irc {

struct StoredMessage {
  std::uint64_t seq = 0;
  std::int64_t time_ms = 0;  ///< Unix milliseconds
  std::string msgid;
  std::string name;            ///< the sender's free name
  std::string line;            ///< in the plain form
  std::optional<PeerId> from;  ///< the sender, if it gave a label
  std::string label;           ///< with which the sender may say it again without saying it twice
  std::uint32_t session = 0;   ///< the sender's, by its inbox epoch: labels are of a session

  /// What it takes of a limit in bytes.
  [[nodiscard]] std::size_t cost() const {
    return sizeof(StoredMessage) + msgid.size() + name.size() + line.size() + label.size();
  }
};

/// shared_ptr: a replay under way holds what the log has dropped meanwhile.
using StoredMessagePtr = std::shared_ptr<const StoredMessage>;

}  // namespace signaller::irc
