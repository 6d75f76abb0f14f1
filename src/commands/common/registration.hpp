// Handles the first /descp of a connection: decides which peer the connection becomes, or refuses.
#pragma once

#include "commands/common/channel_burst.hpp"
#include "commands/common/peer_description.hpp"
#include "commands/common/welcome.hpp"
#include "commands/context/context.hpp"

namespace signaller::commands {

/// The replies of describe_first, of reading the description, and of the welcome that follows.
constexpr Replies RegistrationReplies{WelcomeReplies,
                                      ChannelBurstReplies,
                                      irc::Reply::NotDescribed,
                                      irc::Reply::BadNick,
                                      irc::Reply::NickInUse,
                                      irc::Reply::IdInUse,
                                      irc::Reply::WrongPassword,
                                      irc::Failure::InvalidJson,
                                      irc::Failure::InvalidValue};

/// Creates the peer, restores it from its identity, or takes it over from an older connection.
/// Refuses with 433, 464, INVALID_VALUE. Closes a banned connection with 3507. A refusal changes
/// nothing.
Result<Effects> describe_first(Context& ctx, const Description& given);

/// Whether `secret` proves the claim to the peer's id.
bool is_right_secret(Context& ctx, const irc::Peer& peer, std::string_view secret);

/// Whether a peer other than `self` has the nick. `self` may be null.
bool is_taken(Context& ctx, const std::optional<std::string>& nick, const irc::Peer* self);

}  // namespace signaller::commands
