// Field names of each record in Redis. Stored data depends on them: never rename a field.
#pragma once

#include <array>

#include "persist/format/fields.hpp"
#include "port/records.hpp"

namespace signaller::persist {

template <auto Member>
constexpr auto peer_field(std::string_view name) {
  return field<Member, port::PeerRecord>(name);
}
template <auto Member>
constexpr auto channel_field(std::string_view name) {
  return field<Member, port::ChannelRecord>(name);
}
template <auto Member>
constexpr auto audit_field(std::string_view name) {
  return field<Member, port::AuditRecord>(name);
}

/// Hash of a peer. The id is in the key.
inline constexpr std::array PeerFields{
    peer_field<&port::PeerRecord::nick>("nick"),
    peer_field<&port::PeerRecord::name>("name"),
    peer_field<&port::PeerRecord::info>("info"),
    peer_field<&port::PeerRecord::away>("away"),
    peer_field<&port::PeerRecord::secret>("secret"),
    peer_field<&port::PeerRecord::owner_generation>("tenure"),
    peer_field<&port::PeerRecord::owned>("owned"),
    peer_field<&port::PeerRecord::here>("here"),
    peer_field<&port::PeerRecord::dm>("dm"),
    peer_field<&port::PeerRecord::blocks>("blocks"),
    peer_field<&port::PeerRecord::resume_ms>("resume_ms"),
    peer_field<&port::PeerRecord::inbox_epoch>("inbox_epoch"),
    peer_field<&port::PeerRecord::inbox_seq>("inbox_seq"),
    peer_field<&port::PeerRecord::inbox_sequence_gap>("inbox_leap"),
    peer_field<&port::PeerRecord::inbox_handed>("inbox_handed"),
    peer_field<&port::PeerRecord::seen_ms>("seen_ms"),
    peer_field<&port::PeerRecord::created_ms>("created_ms"),
    peer_field<&port::PeerRecord::updated_ms>("updated_ms"),
};

/// Hash of a channel. It also holds the members.
inline constexpr std::array ChannelFields{
    channel_field<&port::ChannelRecord::name>("name"),
    channel_field<&port::ChannelRecord::topic>("topic"),
    channel_field<&port::ChannelRecord::creator>("creator"),
    channel_field<&port::ChannelRecord::creator_generation>("creator_tenure"),
    channel_field<&port::ChannelRecord::epoch>("epoch"),
    channel_field<&port::ChannelRecord::seq>("seq"),
    channel_field<&port::ChannelRecord::sequence_gap>("leap"),
    channel_field<&port::ChannelRecord::token>("token"),
    channel_field<&port::ChannelRecord::modes>("modes"),
    channel_field<&port::ChannelRecord::title>("title"),
    channel_field<&port::ChannelRecord::descp>("descp"),
    channel_field<&port::ChannelRecord::info>("info"),
    channel_field<&port::ChannelRecord::created_ms>("created_ms"),
    channel_field<&port::ChannelRecord::updated_ms>("updated_ms"),
};

/// Entry of the audit stream. The id is the entry id.
inline constexpr std::array AuditFields{
    audit_field<&port::AuditRecord::unix_ms>("unix_ms"),
    audit_field<&port::AuditRecord::actor>("actor"),
    audit_field<&port::AuditRecord::operator_name>("operator"),
    audit_field<&port::AuditRecord::verb>("verb"),
    audit_field<&port::AuditRecord::target>("target"),
    audit_field<&port::AuditRecord::reason>("reason"),
    audit_field<&port::AuditRecord::before>("before"),
    audit_field<&port::AuditRecord::after>("after"),
};

/// Prefix of a member's field in the hash of a channel, before the id of the peer. The value is the
/// rank.
inline constexpr std::string_view MemberField = "m:";
/// Prefixes in the hash of a channel's standings, before the id of the peer.
inline constexpr std::string_view RankField = "r:";    ///< `<sign> <owner generation>`
inline constexpr std::string_view MuteField = "x:";    ///< `<until ms>`
inline constexpr std::string_view InviteField = "i:";  ///< `<owner generation> <until ms>`
inline constexpr std::string_view BanField = "b:";     ///< `<by> <set ms> <until ms> <reason>`
/// The field of a message in a stream entry.
inline constexpr std::string_view PackedField = "d";
/// The second field of a private message that was sent to a connection when it arrived. The value
/// is `1`.
constexpr std::string_view HandedField = "handed";

}  // namespace signaller::persist
