// A connection's first /descp: who it is, and whether it may be that.
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

/// Makes the peer, brings it back, or takes it over from an older connection. 433, 464,
/// INVALID_VALUE; 3507 for who is banned. Nothing changes if it is refused.
Result<Effects> describe_first(Context& ctx, const Description& given);

/// Whether it is the secret that goes with the peer's id.
bool is_right_secret(Context& ctx, const irc::Peer& peer, std::string_view secret);

/// Whether a nick is that of somebody other than `self`, who may be null.
bool is_taken(Context& ctx, const std::optional<std::string>& nick, const irc::Peer* self);

}  // namespace signaller::commands
