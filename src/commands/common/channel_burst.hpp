// What a newcomer to a channel is shown: after /join, and for each kept channel after a resume.
#pragma once

#include <optional>

#include "commands/common/names_reply.hpp"
#include "commands/context/context.hpp"

namespace signaller::commands {

constexpr Replies ChannelBurstReplies{NamesReplies, irc::Reply::TopicText};

/// Subscribes the caller, and its own JOIN, 332, CHANNEL.
void show_channel(Context& ctx, Effects& out, const irc::Channel& channel);
/// The list of members, or of the ranks of a big channel; nothing with the cap `no-names`.
std::optional<ReplyPart> names_on_entering(Context& ctx, const irc::Channel& channel);
/// All of it as a part of a long reply; nothing if the caller is no longer in the channel by then.
ReplyPart burst(const irc::Channel& channel);

}  // namespace signaller::commands
