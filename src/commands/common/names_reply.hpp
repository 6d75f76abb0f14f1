// The list of a channel's members, 353 and 366: for /join and /peers.
#pragma once

#include "commands/context/context.hpp"

namespace signaller::commands {

constexpr Replies NamesReplies{irc::Reply::Names, irc::Reply::EndOfNames};

/// Lists at most `limit` members of a channel, in the order of ids, after the id `after`.
ReplyPart list_names(const irc::Channel& channel, std::uint64_t limit,
                     std::optional<irc::PeerId> after);
/// Lists the members that have a rank, as on joining a big channel.
ReplyPart list_ranks(const irc::Channel& channel);

}  // namespace signaller::commands
