// Sends a REPLAY: stored messages between a begin line and an end line. No live line comes between
// these two.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "commands/context/context.hpp"

namespace signaller::commands {

/// One pair of `since`: the position after which a client asks for missed messages.
struct Position {
  std::string target;                  ///< a channel's name, or `*` for the client's inbox
  std::optional<std::uint32_t> epoch;  ///< nothing: malformed, and so different from every epoch
  std::uint64_t seq = 0;
};

/// Replays the messages after a position. The messages are chosen when the part begins.
ReplyPart replay_since(const Position& position);
/// Replays the given messages of a channel. `recovered`: no requested message is missing.
ReplyPart replay_messages(const irc::Channel& channel, std::vector<irc::StoredMessagePtr> messages,
                          bool recovered);
/// Sends the private messages that arrived while the peer had no connection.
ReplyPart waiting_mail();
/// Whether new private messages must wait in the inbox, because a reply under way will send them.
bool mail_waits(const Session& session);

}  // namespace signaller::commands
