// Parsed names of peers and channels. Each value of these types is a valid name.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "irc/text/object_id.hpp"

namespace signaller::irc {

/// A nick: 1 to `limit` characters of `A-Za-z0-9_.-`, but not 24 hex digits. A view of the parsed
/// text.
class Nick {
 public:
  /// The highest limit that can be configured. Lookups use it, so that a nick from before the limit
  /// was lowered is still found.
  static constexpr std::size_t MostBytes = 32;
  static std::optional<Nick> parse(std::string_view text, std::size_t limit);
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  explicit Nick(std::string_view text) : text_(text) {}
  std::string_view text_;
};

/// The name of a channel: `#` and 1 to `limit` bytes without space, control characters, `,` `*` `?`
/// `!`. Keeps the case as typed; comparisons ignore case. A view of the parsed text.
class ChannelName {
 public:
  static constexpr std::size_t MostBytes = 64;  ///< as Nick::MostBytes, without counting the `#`
  static std::optional<ChannelName> parse(std::string_view text, std::size_t limit);
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  explicit ChannelName(std::string_view text) : text_(text) {}
  std::string_view text_;
};

/// The name by which a command refers to a peer: an id, a prefix of an id (`5f0c3e*`) or a nick.
using PeerRef = std::variant<PeerId, IdPrefix, Nick>;
std::optional<PeerRef> parse_peer_ref(std::string_view text);

}  // namespace signaller::irc
