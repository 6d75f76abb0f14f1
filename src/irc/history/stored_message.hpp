// A stored message, from which any form can be rendered.
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
  std::string name;            ///< the sender's `name` (any text), as opposed to its nick
  std::string line;            ///< the line in the plain form
  std::optional<PeerId> from;  ///< the sender, if the message had a label
  std::string label;           ///< label of the message, which a retry repeats
  std::uint32_t session = 0;   ///< inbox epoch of the sender: a label is valid in one session only

  /// The number of bytes that count against the limits.
  [[nodiscard]] std::size_t cost() const {
    return sizeof(StoredMessage) + msgid.size() + name.size() + line.size() + label.size();
  }
};

/// A shared_ptr, because a replay may still hold messages that the log has dropped.
using StoredMessagePtr = std::shared_ptr<const StoredMessage>;

}  // namespace signaller::irc
