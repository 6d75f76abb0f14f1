// Names of peers and channels, parsed: who holds one need not check it again.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "irc/text/object_id.hpp"

namespace signaller::irc {

/// A nick: 1 to `limit` of `A-Za-z0-9_.-`, never 24 hex digits. A view: it lives as long as the
/// text that it was parsed from.
class Nick {
 public:
  /// No limit is larger: what was taken before the limit was lowered is still found with it.
  static constexpr std::size_t MostBytes = 32;
  static std::optional<Nick> parse(std::string_view text, std::size_t limit);
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  explicit Nick(std::string_view text) : text_(text) {}
  std::string_view text_;
};

/// A channel's name: `#` and 1 to `limit` bytes without space, control characters, `,` `*` `?`
/// `!`. As written: comparing folds it. A view: it lives as long as the text behind it.
class ChannelName {
 public:
  static constexpr std::size_t MostBytes = 64;  ///< as Nick's, without the `#`
  static std::optional<ChannelName> parse(std::string_view text, std::size_t limit);
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  explicit ChannelName(std::string_view text) : text_(text) {}
  std::string_view text_;
};

/// How a command names a peer: an id, the beginning of one (`5f0c3e*`), or a nick.
using PeerRef = std::variant<PeerId, IdPrefix, Nick>;
std::optional<PeerRef> parse_peer_ref(std::string_view text);

}  // namespace signaller::irc
