#include "irc/server_bans.hpp"

namespace signaller::irc {

const Ban* ServerBans::find(const PeerId& id, std::int64_t now_ms) const {
  const auto found = ids_.find(id);
  return found == ids_.end() || is_over(found->second.until_ms, now_ms) ? nullptr : &found->second;
}

const Ban* ServerBans::find_text(const std::string& subject) const {
  if (const auto id = PeerId::parse(subject)) {
    const auto found = ids_.find(*id);
    if (found != ids_.end()) return &found->second;
  }
  const auto found = ranges_.find(subject);
  return found == ranges_.end() ? nullptr : &found->second.ban;
}

const Ban* ServerBans::find_address(std::string_view address, std::int64_t now_ms) const {
  if (ranges_.empty()) return nullptr;
  const auto one = port::AddressRange::parse(address);
  if (!one) return nullptr;
  for (const auto& [text, entry] : ranges_) {
    if (!is_over(entry.ban.until_ms, now_ms) && entry.range.contains(*one)) return &entry.ban;
  }
  return nullptr;
}

}  // namespace signaller::irc
