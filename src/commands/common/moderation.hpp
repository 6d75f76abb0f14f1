// Functions that the moderation commands share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "commands/context/context.hpp"

namespace signaller::commands {

inline std::int64_t until_of(const irc::Ban& ban) {
  return ban.until_ms;
}
inline std::int64_t until_of(const irc::Invitation& invitation) {
  return invitation.until_ms;
}
inline std::int64_t until_of(std::int64_t until_ms) {
  return until_ms;
}

/// Whether `put` can add this id to a list (bans, mutes, invites): the list has room, contains the
/// id already, or has an expired entry to remove.
template <class List>
bool has_place(const List& list, const irc::PeerId& id, std::size_t limit, std::int64_t now_ms) {
  if (list.size() < limit || list.count(id) != 0) return true;
  return std::any_of(list.begin(), list.end(), [now_ms](const auto& entry) {
    return irc::is_over(until_of(entry.second), now_ms);
  });
}

/// Adds or replaces an entry. If the list is full, removes its expired entries first.
template <class List>
void put(List& list, const irc::PeerId& id, typename List::mapped_type value, std::size_t limit,
         std::int64_t now_ms) {
  if (list.size() >= limit) {
    for (auto at = list.begin(); at != list.end();) {
      at = irc::is_over(until_of(at->second), now_ms) ? list.erase(at) : std::next(at);
    }
  }
  list.insert_or_assign(id, std::move(value));
}

/// A peer in a channel, as the audit log names it: `#channel,<id>`.
std::string audited_name(const irc::Channel& channel, const irc::PeerId& id);

/// The channels in which `peer` is a member and the caller is an operator.
std::vector<irc::Channel*> run_channels_of(Context& ctx, const irc::Peer& peer);

/// Reads a reason, and drops one `:` at its beginning, which IRC users type. Refuses with 417 if
/// the reason is too long.
Result<std::string_view> read_reason(Context& ctx, std::string_view text);

/// Reads a duration; refuses a malformed one with INVALID_VALUE.
/// @returns the end time (Unix ms); 0, no end, if `duration` is empty
Result<std::int64_t> read_until(Context& ctx, std::string_view duration);

}  // namespace signaller::commands
