// A line from the server before it is encoded: source, verb, parameters, tags.
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

/// The IRCv3 message tags of a line. A tag that is empty or zero is not sent.
struct Tags {
  std::int64_t time_ms = 0;  ///< server-time, Unix milliseconds
  std::string msgid;
  std::uint64_t seq = 0;
  std::string name;        ///< the `name` of the source peer, as opposed to its nick
  bool plain_too = false;  ///< the plain form has the tags msgid and seq, too (ACK)
};

/// `:<source> <verb> <params> :<trailing>` (RFC 1459 §2.3.1), built by appending.
class Line {
 public:
  /// A line whose source is the server.
  Line(std::string_view server, std::string_view verb);
  /// A numeric reply to `target`, a peer id or `*`.
  Line(std::string_view server, Reply reply, std::string_view target);
  /// A line whose source is a peer: `<id>` or `<nick>!<id>`. The line gets the tag `name`.
  Line(const Peer& source, std::string_view verb);
  /// The line of a stored message, with the same content as when it was first sent.
  explicit Line(const StoredMessage& message);

  /// Appends a middle parameter. Input of a client cannot change the line's structure: the text is
  /// cut at its first space, and a text that is empty or begins with `:` is replaced by `*`.
  Line& param(std::string_view text) &;
  Line& param(const PeerId& id) &;
  Line& param(std::uint64_t number) &;
  /// Appends several middle parameters: `words` are separated by single spaces.
  Line& params(std::string_view words) &;
  /// Appends the last parameter without a change. No append function may follow.
  Line& trailing(std::string_view text) &;

  template <class Param>
  Line&& param(const Param& value) && {
    return std::move(param(value));
  }
  Line&& trailing(std::string_view text) && { return std::move(trailing(text)); }

  void at(std::int64_t unix_ms) { tags_.time_ms = unix_ms; }
  void message(std::string msgid, std::uint64_t seq);
  /// As `message`, but the plain form gets the tags, too.
  void acknowledged(std::string msgid, std::uint64_t seq);

  [[nodiscard]] const std::string& plain() const { return body_; }
  /// The message for the log or the inbox. The line must have its number, time and id already.
  /// @param label  the label that the sender gave; may be empty
  [[nodiscard]] StoredMessagePtr stored(const Peer& from, std::string_view label) const;
  /// Renders one form, with the tag `label` if `label` is not empty.
  [[nodiscard]] std::string render(port::Form form, std::string_view label = {}) const;
  /// Renders each form that has a receiver; the other forms stay null. Consumes the line.
  port::Forms encode(const FormCounts& needed) &&;

 private:
  std::string body_;
  Tags tags_;
};

/// Appends `value`, escaped as in IRCv3 message-tags.
void append_tag_value(std::string& out, std::string_view value);
/// Appends a time as `2011-10-19T16:40:51.620Z` (IRCv3 server-time).
void append_time(std::string& out, std::int64_t unix_ms);

}  // namespace signaller::irc
