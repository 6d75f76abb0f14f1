// Parts of the world that concern the whole server: identities and server bans.
#include <set>
#include <vector>

#include "irc/world.hpp"

namespace signaller::irc {

std::set<PeerId> World::named_ids() const {
  std::set<PeerId> named;
  for (const auto& [name, channel] : tables_.channels) {
    for (const auto& [id, kept] : channel.state_.kept) named.insert(id);
    for (const auto& [id, ban] : channel.state_.bans) named.insert(id);
    if (channel.state_.modes.persistent) named.insert(channel.creator_);
  }
  for (const auto& [id, ban] : tables_.server_bans.ids()) named.insert(id);
  return named;
}

void World::expire_identities(std::int64_t retention_ms, port::Instant now) {
  const auto& by_age = tables_.identities.by_age();
  const auto forget = [this](const PeerId& id) {
    const Identity* identity = tables_.identities.find(id);
    const bool stored = identity != nullptr && identity->stored;
    tables_.identities.erase(id);
    changes_.identity_ended(id, stored);
  };
  while (tables_.identities.size() > tables_.limits.identities)
    forget(PeerId(by_age.begin()->second));
  const std::int64_t before = now.unix_ms - retention_ms;
  if (by_age.empty() || by_age.begin()->first > before) return;
  const std::set<PeerId> named = named_ids();
  std::vector<PeerId> over;
  for (auto at = by_age.begin(); at != by_age.end() && at->first <= before; ++at) {
    if (named.count(at->second) == 0) over.push_back(at->second);
  }
  for (const PeerId& id : over) forget(id);
}

void World::ban(const PeerId& id, Ban ban) {
  tables_.server_bans.add(id, std::move(ban));
  changes_.server_ban_added(id.text());
}

void World::ban(const port::AddressRange& range, Ban ban) {
  tables_.server_bans.add(range, std::move(ban));
  changes_.server_ban_added(range.text());
}

void World::expire_server_bans(port::Instant now) {
  std::vector<PeerId> ids;
  for (const auto& [id, ban] : tables_.server_bans.ids()) {
    if (is_over(ban.until_ms, now.unix_ms)) ids.push_back(id);
  }
  std::vector<port::AddressRange> ranges;
  for (const auto& [text, entry] : tables_.server_bans.ranges()) {
    if (is_over(entry.ban.until_ms, now.unix_ms)) ranges.push_back(entry.range);
  }
  for (const PeerId& id : ids) unban(id);
  for (const port::AddressRange& range : ranges) unban(range);
}

bool World::unban(const PeerId& id) {
  changes_.server_ban_lifted(id.text());
  return tables_.server_bans.lift(id);
}

bool World::unban(const port::AddressRange& range) {
  changes_.server_ban_lifted(range.text());
  return tables_.server_bans.lift(range);
}

}  // namespace signaller::irc
