// Describes a channel: /descp #channel.
#pragma once

#include "commands/common/lookup.hpp"
#include "commands/context/context.hpp"

namespace signaller::commands {

constexpr Replies DescribeChannelReplies{FindOperatedReplies, irc::Failure::InvalidJson,
                                         irc::Failure::InvalidValue};

/// Sets name, descp and info of the channel in `args[0]` from the JSON in `args[1]`. Refuses with
/// 403, 442, 482, INVALID_JSON, INVALID_VALUE.
Result<Effects> describe_channel(Context& ctx, const Args& args);

}  // namespace signaller::commands
