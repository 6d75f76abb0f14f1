// Shows a channel to a peer: after /join, and for each channel of a resumed session.
#pragma once

#include <optional>

#include "commands/common/names_reply.hpp"
#include "commands/context/context.hpp"

namespace signaller::commands {

constexpr Replies ChannelBurstReplies{NamesReplies, irc::Reply::TopicText};

/// Subscribes the caller to the channel, and sends JOIN, 332 and CHANNEL to it.
void show_channel(Context& ctx, Effects& out, const irc::Channel& channel);
/// Lists the members; in a big channel, only those with a rank. Returns nothing if the caller has
/// the cap `no-names`.
std::optional<ReplyPart> names_on_entering(Context& ctx, const irc::Channel& channel);
/// Shows the channel as a part of a long reply: show_channel, then names_on_entering. The part
/// sends nothing if the caller has left the channel before the part begins.
ReplyPart burst(const irc::Channel& channel);

}  // namespace signaller::commands
