// Turns hashes and stream entries into records. Anybody may have written the stored data: a
// malformed value is left out and reported as a warning. Independent of hiredis, so that fuzzers
// can drive all of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "persist/format/fields.hpp"
#include "persist/format/load_warnings.hpp"
#include "port/records.hpp"

namespace signaller::persist {

/// The origin of a value, for warnings.
struct DecodeContext {
  std::string_view key;  ///< the key of the value
  LoadWarnings& warnings;
};

/// Decodes the hash of a peer. Returns nothing if a field is malformed.
std::optional<port::PeerRecord> decode_peer(std::string_view id, const Pairs& hash,
                                            const DecodeContext& context);

/// Decodes the hash of a channel, without its standings. Appends the members to `members` if the
/// channel is valid.
/// @param name  folded name from the key; the `name` field must fold to it
std::optional<port::ChannelRecord> decode_channel(std::string_view name, const Pairs& hash,
                                                  std::vector<port::MemberRecord>& members,
                                                  const DecodeContext& context);

/// Appends the valid standings to `out`.
void decode_standings(const Pairs& hash, port::ChannelRecord& out, const DecodeContext& context);

/// Appends the valid bans of the server to `out`.
void decode_bans(const Pairs& hash, std::vector<port::BanRecord>& out,
                 const DecodeContext& context);

/// Decodes an entry of a log or an inbox.
/// @param id  id of the entry: `<seq>-0`
std::optional<port::KeptMessage> decode_message(std::string_view id, const Pairs& entry,
                                                const DecodeContext& context);

/// Decodes an entry of the audit log.
/// @param id  id of the entry: `<number>-0`
std::optional<port::AuditRecord> decode_audit(std::string_view id, const Pairs& entry,
                                              const DecodeContext& context);

}  // namespace signaller::persist
