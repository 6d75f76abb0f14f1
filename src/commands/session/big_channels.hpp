// COUNT lines, which replace the lines about single members in channels above the presence limit.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace signaller::commands {

/// Decides which channels must send a COUNT to their members: each channel at most once a second.
class BigChannels {
 public:
  /// Call when the member count of a channel has changed and no JOIN, PART or QUIT line was sent.
  /// @param folded  the channel's folded name
  void changed(const std::string& folded) { pauses_[folded].owed = true; }
  /// Returns the channels whose COUNT is due at `now_ms` (steady), and marks them as sent.
  std::vector<std::string> take_due(std::int64_t now_ms);
  /// The time (steady ms) of the next due COUNT; nothing if none is pending.
  [[nodiscard]] std::optional<std::int64_t> next_ms() const;
  [[nodiscard]] bool empty() const { return pauses_.empty(); }

 private:
  struct Pause {
    std::int64_t until_ms = 0;
    bool owed = false;
  };
  /// By folded name: the channels that owe a COUNT, or have sent one within the last second.
  std::map<std::string, Pause> pauses_;
};

}  // namespace signaller::commands
