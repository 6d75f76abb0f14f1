// REPLAY: stored messages between a begin and an end. No live line comes between the two.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "commands/context/context.hpp"

namespace signaller::commands {

/// A pair of `since`: the position from which a client asks for missed messages.
struct Position {
  std::string target;                  ///< a channel's name, or `*`: its own inbox
  std::optional<std::uint32_t> epoch;  ///< none: it has another form, so it differs
  std::uint64_t seq = 0;
};

/// The messages after a position, chosen when the part begins.
ReplyPart replay_since(const Position& position);
/// These messages of a channel. `recovered`: no requested message is missing.
ReplyPart replay_messages(const irc::Channel& channel, std::vector<irc::StoredMessagePtr> messages,
                          bool recovered);
/// The private messages that came while no connection was there.
ReplyPart waiting_mail();
/// Whether new private messages must wait in the inbox, because a reply will send it later.
bool mail_waits(const Session& session);

}  // namespace signaller::commands
