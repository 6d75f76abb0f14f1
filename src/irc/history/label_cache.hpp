// The labels of a peer's last messages. A retry with a known label gets the same answer, and its
// message is not delivered again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::irc {

/// The content of an ACK.
struct Acknowledged {
  std::string target;
  std::string msgid;
  std::uint64_t seq = 0;
};

class LabelCache {
 public:
  /// The answer to the label, if the label was used within the last `for_ms`; null: the label is
  /// new. Valid until the next call of `remember`.
  [[nodiscard]] const Acknowledged* find(std::string_view label, std::int64_t steady_ms,
                                         std::int64_t for_ms) const;
  /// Adds a label; keeps the last `most` labels.
  void remember(std::string_view label, Acknowledged answer, std::int64_t steady_ms,
                std::size_t most);

 private:
  struct Entry {
    std::size_t hash = 0;
    std::int64_t steady_ms = 0;
    std::string label;
    Acknowledged answer;
  };
  std::vector<Entry> entries_;  ///< a ring buffer after it has grown to `most` entries
  std::size_t next_ = 0;
};

}  // namespace signaller::irc
