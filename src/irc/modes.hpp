// What may be switched in a channel (docs/protocol.rst, "/mode").
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::irc {

struct Modes {
  bool invite_only = false;              ///< i
  bool moderated = false;                ///< m: only ranks may speak
  bool secret = false;                   ///< s: not shown to who is not in it
  bool persistent = false;               ///< P: stays when the last one leaves
  bool danmaku = false;                  ///< D: plain text counts as danmaku
  std::size_t limit = 0;                 ///< l: members; 0: none
  std::uint32_t slow_s = 0;              ///< S: seconds between a peer's messages; 0: none
  std::optional<std::uint32_t> history;  ///< H: messages shown on joining; none: as configured

  friend bool operator==(const Modes& a, const Modes& b) {
    return a.invite_only == b.invite_only && a.moderated == b.moderated && a.secret == b.secret &&
           a.persistent == b.persistent && a.danmaku == b.danmaku && a.limit == b.limit &&
           a.slow_s == b.slow_s && a.history == b.history;
  }
};

/// `+HSikl 5 10 50`: letters as ASCII sorts them, then the values of H, S and l in that order.
/// Empty: nothing is switched on. `has_token` shows as k, never with its value.
std::string modes_text(const Modes& modes, bool has_token);
/// The inverse; `k` says nothing here. Nothing: it is not what modes_text gives.
std::optional<Modes> parse_modes(std::string_view text);

}  // namespace signaller::irc
