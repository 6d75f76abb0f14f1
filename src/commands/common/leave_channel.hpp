// Leaving one channel: for /part and /quit #channel.
#pragma once

#include <string_view>

#include "commands/context/context.hpp"

namespace signaller::commands {

/// Sends PART to members and caller. Refuses with 442, 417.
/// @param text  the reason, for read_reason
Result<Effects> leave_channel(Context& ctx, std::string_view name, std::string_view text);

}  // namespace signaller::commands
