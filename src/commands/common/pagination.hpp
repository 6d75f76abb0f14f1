// `[limit [after-id]]` of the commands that list members.
#pragma once

#include <cstdint>
#include <optional>

#include "commands/context/context.hpp"

namespace signaller::commands {

struct Page {
  std::uint64_t limit = NoLimit;
  std::optional<irc::PeerId> after;
};

/// A number from 1 on; `otherwise` if none was given. Nothing, and the refusal is set.
std::optional<std::uint64_t> read_limit(Context& ctx, std::string_view text,
                                        std::uint64_t otherwise, Effects& refusal);
/// Nothing, and the refusal is set.
std::optional<Page> read_page(Context& ctx, std::string_view limit, std::string_view after,
                              Effects& refusal);

}  // namespace signaller::commands
