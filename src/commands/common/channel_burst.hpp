// Shows a channel to a peer: after /join, and for each channel of a resumed session.
#pragma once

#include <optional>

#include "commands/common/names_reply.hpp"
#include "commands/context/context.hpp"

namespace signaller::commands {

constexpr Replies ChannelBurstReplies{NamesReplies, irc::Reply::TopicText};

/// Subscribes the caller to the channel, and sends JOIN, 332 and CHANNEL to it.
void show_channel(Context& ctx, Effects& out, const irc::Channel& channel);
/// The list of the members, or of the members with a rank in a big channel. Nothing with the cap
/// `no-names`.
std::optional<ReplyPart> names_on_entering(Context& ctx, const irc::Channel& channel);
/// Everything that shows the channel, as a part of a long reply. The part is empty if the caller
/// has left the channel by then.
ReplyPart burst(const irc::Channel& channel);

}  // namespace signaller::commands
