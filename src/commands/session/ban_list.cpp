#include "commands/session/ban_list.hpp"

#include <memory>
#include <utility>
#include <vector>

#include "commands/session/membership.hpp"
#include "commands/session/slash_state.hpp"

namespace signaller::commands {

std::string ban_text(const irc::Ban& ban) {
  return with_reason("banned", ban.reason);
}

void send_ban_list(SlashState& slash, port::Effects& out) {
  const irc::ServerBans& bans = slash.world.server_bans();
  if (bans.ranges_version() == slash.ban_list_version) return;
  slash.ban_list_version = bans.ranges_version();
  std::vector<port::BannedRange> list;
  list.reserve(bans.ranges().size());
  for (const auto& [text, entry] : bans.ranges()) {
    list.push_back({entry.range, ban_text(entry.ban), entry.ban.until_ms});
  }
  out.add(port::BanList{std::make_shared<const std::vector<port::BannedRange>>(std::move(list))});
}

}  // namespace signaller::commands
