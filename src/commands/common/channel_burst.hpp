// Shows a channel to a peer: after /join, and for each kept channel after a resume.
#pragma once

#include <optional>

#include "commands/common/names_reply.hpp"
#include "commands/context/context.hpp"

namespace signaller::commands {

constexpr Replies ChannelBurstReplies{NamesReplies, irc::Reply::TopicText};

/// Subscribes the caller, and sends it its own JOIN, 332, CHANNEL.
void show_channel(Context& ctx, Effects& out, const irc::Channel& channel);
/// The list of the members, or of the ranks of a big channel. Nothing with the cap `no-names`.
std::optional<ReplyPart> names_on_entering(Context& ctx, const irc::Channel& channel);
/// All of it as a part of a long reply. The part is empty if the caller has left by then.
ReplyPart burst(const irc::Channel& channel);

}  // namespace signaller::commands
