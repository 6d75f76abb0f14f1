// What Redis holds, as records. Anybody may have written it: what is not of the form is left out
// and named. Nothing in here knows hiredis, so that fuzzers drive all of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "persist/format/fields.hpp"
#include "persist/format/load_warnings.hpp"
#include "port/records.hpp"

namespace signaller::persist {

/// Where a value was read.
struct Place {
  std::string_view key;  ///< for what is said of it
  LoadWarnings& warnings;
};

/// The hash of a peer.
std::optional<port::PeerRecord> decode_peer(std::string_view id, const Pairs& hash,
                                            const Place& place);

/// The hash of a channel without its standings; its members are added to `members` only if the
/// channel is good.
/// @param name  folded, as the key says; the record's own has to fold to it
std::optional<port::ChannelRecord> decode_channel(std::string_view name, const Pairs& hash,
                                                  std::vector<port::MemberRecord>& members,
                                                  const Place& place);

/// Adds the standings that are good to their channel.
void decode_standings(const Pairs& hash, port::ChannelRecord& out, const Place& place);

/// The bans of the server.
void decode_bans(const Pairs& hash, std::vector<port::BanRecord>& out, const Place& place);

/// An entry of a log or of mail.
/// @param id  the entry's, `<seq>-0`
std::optional<port::KeptMessage> decode_message(std::string_view id, const Pairs& entry,
                                                const Place& place);

std::optional<port::AuditRecord> decode_audit(std::string_view id, const Pairs& entry,
                                              const Place& place);

}  // namespace signaller::persist
