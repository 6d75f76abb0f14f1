// Reads the arguments `[limit [after-id]]` of the commands that list members.
#pragma once

#include <cstdint>
#include <optional>

#include "commands/context/context.hpp"

namespace signaller::commands {

struct Page {
  std::uint64_t limit = NoLimit;
  std::optional<irc::PeerId> after;
};

/// Reads a number, 1 or larger; returns `otherwise` if `text` is empty. Refuses with INVALID_VALUE.
Result<std::uint64_t> read_limit(Context& ctx, std::string_view text, std::uint64_t otherwise);
/// Reads both arguments; an empty one was not given. Refuses with INVALID_VALUE.
Result<Page> read_page(Context& ctx, std::string_view limit, std::string_view after);

}  // namespace signaller::commands
