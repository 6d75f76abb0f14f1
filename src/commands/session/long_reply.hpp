// A long reply is written in pieces, at the pace of its reader. Otherwise the server's own answer
// could overflow the reader's outbox.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "irc/history/stored_message.hpp"
#include "irc/text/object_id.hpp"
#include "port/effects.hpp"

namespace signaller::commands {

class Context;
struct Command;
struct ReplyPart;

/// Adds the next piece to the effects. Returns true if the piece was the last. The function itself
/// has no state: the ReplyPart holds all of it.
using ReplyStep = bool (*)(Context&, ReplyPart&, port::Effects&);

/// The approximate number of bytes of lines in one piece.
constexpr std::size_t ReplyPieceBytes = std::size_t{16} * 1024;
constexpr std::uint64_t NoLimit = std::numeric_limits<std::uint64_t>::max();

enum class ReplyPartKind : std::uint8_t {
  List,    ///< live lines may come between the lines of the part
  Burst,   ///< describes a channel after a resume; live lines of the channel come afterwards
  Mail,    ///< sends the inbox; new private messages wait in the inbox until the part ends
  Replay,  ///< replays the messages of `name`; live lines come afterwards
};

/// A part of a long reply. Contains names, never pointers: members and channels may disappear
/// between two pieces.
struct ReplyPart {
  ReplyStep step = nullptr;
  ReplyPartKind kind = ReplyPartKind::List;
  std::string name;                  ///< the channel; in /list: the last channel shown, folded
  std::string prefix;                ///< /list: the folded prefix
  std::optional<irc::PeerId> after;  ///< the last member shown
  std::uint64_t left = NoLimit;      ///< number of items that are left to show
  std::uint64_t shown = 0;
  bool ranks_only = false;

  // Only for a replay:
  bool asked = false;                  ///< whether the client requested the replay, with a position
  std::optional<std::uint32_t> epoch;  ///< epoch of the position; nothing: malformed
  std::uint64_t since = 0;             ///< sequence number of the position
  bool recovered = false;              ///< whether no requested message is missing
  bool begun = false;                  ///< whether the messages below have been chosen
  std::vector<irc::StoredMessagePtr> messages;
};

/// The whole answer to one line. The ACK follows the last part.
struct LongReply {
  std::deque<ReplyPart> parts;
  const Command* command = nullptr;
  std::string label;
  std::string target;  ///< target of the ACK
};

}  // namespace signaller::commands
