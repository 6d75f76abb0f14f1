#include "commands/barring.hpp"

#include <memory>
#include <utility>
#include <vector>

#include "commands/core.hpp"
#include "commands/membership.hpp"

namespace signaller::commands {

std::string ban_text(const irc::Ban& ban) {
  return with_reason("banned", ban.reason);
}

void bar_addresses(Core& core, port::Effects& out) {
  const irc::ServerBans& bans = core.world.server_bans();
  if (bans.ranges_version() == core.barred_version) return;
  core.barred_version = bans.ranges_version();
  std::vector<port::Barred> list;
  list.reserve(bans.ranges().size());
  for (const auto& [text, entry] : bans.ranges()) {
    list.push_back({entry.range, ban_text(entry.ban), entry.ban.until_ms});
  }
  out.add(port::Bar{std::make_shared<const std::vector<port::Barred>>(std::move(list))});
}

}  // namespace signaller::commands
