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

/// Adds the next piece to the effects. Returns true if it was the last. A plain function of the
/// verb's file: its state is the ReplyPart.
using ReplyStep = bool (*)(Context&, ReplyPart&, port::Effects&);

/// Bytes of lines in one piece, roughly.
constexpr std::size_t ReplyPieceBytes = std::size_t{16} * 1024;
constexpr std::uint64_t NoLimit = std::numeric_limits<std::uint64_t>::max();

enum class ReplyPartKind : std::uint8_t {
  List,    ///< live lines may come between its lines
  Burst,   ///< of a channel on resuming: no live line of it comes before
  Mail,    ///< of the inbox: private messages wait in the inbox until then
  Replay,  ///< of the messages of `name`: live lines come after it
};

/// A part of a long reply. It holds names, never pointers: between two pieces, members and the
/// channel may disappear.
struct ReplyPart {
  ReplyStep step = nullptr;
  ReplyPartKind kind = ReplyPartKind::List;
  std::string name;                  ///< of the channel; /list: the last one shown, folded
  std::string prefix;                ///< /list: folded
  std::optional<irc::PeerId> after;  ///< the last member shown
  std::uint64_t left = NoLimit;      ///< items to show yet
  std::uint64_t shown = 0;
  bool ranks_only = false;

  // A replay.
  bool asked = false;                  ///< by a client, with a position
  std::optional<std::uint32_t> epoch;  ///< of that position; none: not one of ours
  std::uint64_t since = 0;             ///< its sequence number
  bool recovered = false;              ///< nothing is missing
  bool begun = false;                  ///< the messages below have been chosen
  std::vector<irc::StoredMessagePtr> messages;
};

/// The whole answer to one line. The ACK follows the last part.
struct LongReply {
  std::deque<ReplyPart> parts;
  const Command* command = nullptr;
  std::string label;
  std::string target;  ///< of the ACK
};

}  // namespace signaller::commands
