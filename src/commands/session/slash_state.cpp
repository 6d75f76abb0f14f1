#include "commands/session/slash_state.hpp"

#include <fmt/format.h>

namespace signaller::commands {

irc::WorldLimits world_limits(const Options& options) {
  const Limits& limits = options.limits;
  irc::WorldLimits world;
  world.log = options.history;
  world.inbox = {limits.inbox, limits.inbox_bytes, limits.inbox_all_bytes};
  world.labels = limits.labels;
  world.standings = limits.bans;
  world.identities = limits.identities;
  world.mirrored = options.durable;
  return world;
}

std::string SlashState::next_msgid(MessageKind kind) {
  ++counters.messages[static_cast<std::size_t>(kind)];
  return fmt::format("{}-{}-{}", options.node, options.boot, ++messages);
}

}  // namespace signaller::commands
