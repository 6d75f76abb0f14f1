// The first /descp of a connection: which peer it becomes, and whether it may.
#pragma once

#include "commands/common/channel_burst.hpp"
#include "commands/common/peer_description.hpp"
#include "commands/common/welcome.hpp"
#include "commands/context/context.hpp"

namespace signaller::commands {

/// The replies of describe_first, of reading the description, and of what follows them.
constexpr Replies RegistrationReplies{WelcomeReplies,
                                      ChannelBurstReplies,
                                      irc::Reply::NotDescribed,
                                      irc::Reply::BadNick,
                                      irc::Reply::NickInUse,
                                      irc::Reply::IdInUse,
                                      irc::Reply::WrongPassword,
                                      irc::Failure::InvalidJson,
                                      irc::Failure::InvalidValue};

/// Creates the peer, brings it back, or takes it over from an older connection. 433, 464,
/// INVALID_VALUE. Closes a banned connection with 3507. A refusal changes nothing.
Result<Effects> describe_first(Context& ctx, const Description& given);

/// Whether `secret` is the one that belongs to the peer's id.
bool is_right_secret(Context& ctx, const irc::Peer& peer, std::string_view secret);

/// Whether another peer than `self` has the nick. `self` may be null.
bool is_taken(Context& ctx, const std::optional<std::string>& nick, const irc::Peer* self);

}  // namespace signaller::commands
