// The labels of a peer's last messages: a message that is sent again is not said again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::irc {

/// What the ACK of a message said.
struct Acknowledged {
  std::string target;
  std::string msgid;
  std::uint64_t seq = 0;
};

class LabelCache {
 public:
  /// What was answered to this label within the last `for_ms`; null: it is new. Good until the
  /// next call of `remember`.
  [[nodiscard]] const Acknowledged* find(std::string_view label, std::int64_t steady_ms,
                                         std::int64_t for_ms) const;
  /// Keeps the last `most` labels.
  void remember(std::string_view label, Acknowledged answer, std::int64_t steady_ms,
                std::size_t most);

 private:
  struct Entry {
    std::size_t hash = 0;
    std::int64_t steady_ms = 0;
    std::string label;
    Acknowledged answer;
  };
  std::vector<Entry> entries_;  ///< a ring once it is full
  std::size_t next_ = 0;
};

}  // namespace signaller::irc
