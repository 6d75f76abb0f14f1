// In a channel above the presence limit, COUNT replaces the lines about each member.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace signaller::commands {

/// Decides which channels must send a COUNT to their members: each at most once a second.
class BigChannels {
 public:
  /// The member count of a channel has changed without a line. `folded`: its folded name.
  void changed(const std::string& folded) { pauses_[folded].owed = true; }
  /// The channels whose COUNT is due at `now_ms` (steady). They count as sent.
  std::vector<std::string> take_due(std::int64_t now_ms);
  /// When to look again (steady ms), if a COUNT is owed.
  [[nodiscard]] std::optional<std::int64_t> next_ms() const;
  [[nodiscard]] bool empty() const { return pauses_.empty(); }

 private:
  struct Pause {
    std::int64_t until_ms = 0;
    bool owed = false;
  };
  std::map<std::string, Pause> pauses_;  ///< channels that have changed within the last second
};

}  // namespace signaller::commands
