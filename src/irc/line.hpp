// One line from the server, before it is bytes: source, verb, parameters, tags.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "irc/forms.hpp"
#include "irc/history/stored_message.hpp"
#include "irc/text/object_id.hpp"
#include "irc/text/replies.hpp"
#include "port/effects.hpp"

namespace signaller::irc {

class Peer;

/// IRCv3 message tags of a line; what is empty or 0 is left out.
struct Tags {
  std::int64_t time_ms = 0;  ///< Unix milliseconds; server-time
  std::string msgid;
  std::uint64_t seq = 0;
  std::string name;        ///< the free name of the peer that is the line's source
  bool plain_too = false;  ///< msgid and seq are told in the plain form too (an ACK)
};

/// `:<source> <verb> <params> :<trailing>` (RFC 1459 §2.3.1), built by appending.
class Line {
 public:
  /// A line whose source is the server.
  Line(std::string_view server, std::string_view verb);
  /// A numeric reply to `target`, a peer id or `*`.
  Line(std::string_view server, Reply reply, std::string_view target);
  /// A line whose source is a peer: its id, or `<nick>!<id>`. Tagged with its name.
  Line(const Peer& source, std::string_view verb);

  /// A message as it was sent.
  explicit Line(const StoredMessage& message);

  /// A middle parameter. It ends at the first space, and an empty one or one that begins with
  /// `:` becomes `*`, so that the line stays what it says, whatever a client has typed.
  Line& param(std::string_view text) &;
  Line& param(const PeerId& id) &;
  Line& param(std::uint64_t number) &;
  /// Several middle parameters: words parted by one space.
  Line& params(std::string_view words) &;
  /// The last parameter, as it is. Nothing may be appended after it.
  Line& trailing(std::string_view text) &;

  template <class Param>
  Line&& param(const Param& value) && {
    return std::move(param(value));
  }
  Line&& trailing(std::string_view text) && { return std::move(trailing(text)); }

  void at(std::int64_t unix_ms) { tags_.time_ms = unix_ms; }
  void message(std::string msgid, std::uint64_t seq);
  /// As `message`, and told in the plain form too.
  void acknowledged(std::string msgid, std::uint64_t seq);

  [[nodiscard]] const std::string& plain() const { return body_; }
  /// A message, to be kept: numbered, dated and with an id already. `label`: its sender's.
  [[nodiscard]] StoredMessagePtr logged(const Peer& from, std::string_view label) const;
  /// The bytes of one form, with `label` if it is not empty.
  [[nodiscard]] std::string render(port::Form form, std::string_view label = {}) const;
  /// Each form that somebody needs; the others stay null. The line is used up.
  port::Forms encode(const FormCounts& needed) &&;

 private:
  std::string body_;
  Tags tags_;
};

/// Appends `value` as IRCv3 message-tags escapes it.
void append_tag_value(std::string& out, std::string_view value);
/// Appends a time as `2011-10-19T16:40:51.620Z` (IRCv3 server-time).
void append_time(std::string& out, std::int64_t unix_ms);

}  // namespace signaller::irc
