// REPLAY: messages as they were, between a begin and an end that nothing live comes between.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "commands/context/context.hpp"

namespace signaller::commands {

/// From where a client asks for what it has missed: a pair of `since`.
struct Position {
  std::string target;                  ///< a channel's name, or `*`: its own inbox
  std::optional<std::uint32_t> epoch;  ///< none: of another make, so surely another
  std::uint64_t seq = 0;
};

/// What came after a position, chosen when its turn comes.
ReplyPart replay_since(const Position& position);
/// These messages of a channel; `recovered`: none between them and what was asked for is missing.
ReplyPart replay_messages(const irc::Channel& channel, std::vector<irc::StoredMessagePtr> messages,
                          bool recovered);
/// The private messages that came while nobody was connected.
ReplyPart waiting_mail();
/// Whether private messages wait in the inbox, since their place in a reply is still to come.
bool mail_waits(const Session& session);

}  // namespace signaller::commands
