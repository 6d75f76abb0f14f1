// The records of a store, as plain values: all data that survives a restart. Every record is the
// whole new state of its key, so writing a record twice does no harm.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace signaller::port {

/// A peer, keyed by `id` (24 hex digits). Times are Unix milliseconds. The record of a peer whose
/// session has ended stays as long as the id is owned.
struct PeerRecord {
  std::string id;
  std::string nick;  ///< nick as shown; empty: none
  std::string name;
  std::string info;  ///< compact JSON object
  std::optional<std::string> away;
  std::string secret;                  ///< keyed hash, 64 hex digits
  std::uint64_t owner_generation = 0;  ///< identifies the owner of the id: ranks belong to an owner
  bool owned = false;
  bool here = false;  ///< the peer has a session, live or suspended
  std::string dm;     ///< private messages are accepted from: "anyone", "shared" or "none"
  std::vector<std::string> blocks;  ///< peer ids
  std::int64_t resume_ms = 0;       ///< time that the session is kept without a connection
  std::string inbox_epoch;          ///< 8 hex digits; empty: the peer has no inbox
  std::uint64_t inbox_seq = 0;      ///< a number at or above the highest number used in the inbox
  std::uint64_t inbox_sequence_gap = 0;  ///< mail up to this number may be missing from the inbox
  std::uint64_t inbox_handed = 0;        ///< mail up to this number has been handed out
  std::int64_t seen_ms = 0;              ///< time of the last connection, as far as known
  std::int64_t created_ms = 0;
  std::int64_t updated_ms = 0;
  bool fresh = false;  ///< older mail under the id belongs to a former owner: the store deletes it
};

/// A rank, mute or invitation of a peer in a channel. `until_ms` 0: no end.
struct StandingRecord {
  std::string peer;
  std::string rank;  ///< "@" or "+": kept while the peer is not in the channel
  std::uint64_t owner_generation = 0;
  std::int64_t until_ms = 0;
};
/// A ban. In a ChannelRecord it is a ban of the channel, elsewhere a ban of the server.
struct BanRecord {
  std::string whom;  ///< a peer id; a ban of the server may also have an address or CIDR
  std::string by;    ///< the peer id of the operator that banned
  std::string reason;
  std::int64_t set_ms = 0;
  std::int64_t until_ms = 0;
};

/// A channel without its members, keyed by `name` folded.
struct ChannelRecord {
  std::string name;  ///< name as first written, with its `#`
  std::string topic;
  std::string creator;  ///< a peer id
  std::uint64_t creator_generation = 0;
  std::string epoch;
  std::uint64_t seq = 0;           ///< a number at or above the highest message number used
  std::uint64_t sequence_gap = 0;  ///< messages up to this number may be missing from the log
  std::string token;               ///< keyed hash, 64 hex digits; empty: none
  std::string modes;               ///< modes in the notation of numeric 324
  std::string title;               ///< the `name` that /descp #channel sets
  std::string descp;
  std::string info;  ///< compact JSON object
  std::vector<StandingRecord> ranks;
  std::vector<StandingRecord> mutes;
  std::vector<StandingRecord> invites;
  std::vector<BanRecord> bans;
  std::int64_t created_ms = 0;
  std::int64_t updated_ms = 0;
  bool fresh = false;  ///< older members and messages under the name belong to a deleted channel:
                       ///< the store deletes them
};

/// A member of a channel. Stored once, under the key of the channel.
struct MemberRecord {
  std::string channel;  ///< folded name of the channel
  std::string peer;
  std::string rank;  ///< "", "+" or "@"
};

/// A message in the history or in an inbox.
struct KeptMessage {
  std::uint64_t seq = 0;
  std::int64_t unix_ms = 0;
  std::string msgid;
  std::string name;   ///< the `name` of the sender (any text), as opposed to the nick
  std::string line;   ///< the line in the plain form
  std::string from;   ///< the sender's id and session, `<id>:<inbox epoch>`; empty if the message
                      ///< had no label
  std::string label;  ///< label of the sender; empty: none
};

/// One message of a channel's log, keyed by channel and number. The log begins with the message
/// number `first`: everything below is deleted.
struct MessageRecord {
  std::string channel;      ///< folded name of the channel
  std::uint64_t first = 0;  ///< the lowest number in the log: lower ones may be deleted
  KeptMessage message;
};

/// One private message of a peer's inbox, keyed by receiver and number; `first` as in
/// MessageRecord.
struct MailRecord {
  std::string peer;         ///< id of the receiver
  std::uint64_t first = 0;  ///< the lowest number in the inbox: lower ones may be deleted
  bool handed = false;      ///< the message was sent to a connection at once
  KeptMessage message;
};

struct LogGone {  ///< channel whose log is deleted
  std::string channel;
};
struct MailGone {  ///< peer whose private messages are deleted
  std::string peer;
};
struct PeerGone {  ///< peer that is deleted, with its inbox
  std::string id;
};
struct ChannelGone {  ///< channel that is deleted, with its members and its log
  std::string channel;
};
struct MemberGone {
  std::string channel;
  std::string peer;
};

/// The server ends regularly: every stored number is the last number used, not a reserved one.
/// Valid until the next load.
struct Sealed {};

/// Deletes a ban of the server, keyed by `whom`.
struct ServerBanGone {
  std::string whom;
};

/// An action of an operator. Stored in the order of `id`; the oldest are deleted first.
struct AuditRecord {
  std::uint64_t id = 0;
  std::int64_t unix_ms = 0;
  std::string actor;          ///< a peer id
  std::string operator_name;  ///< operator name of /oper; empty: the actor is no server operator
  std::string verb;           ///< the command, lower case
  std::string target;         ///< a peer id, a channel, an address, or `*`
  std::string reason;         ///< as the operator typed it
  std::string before;         ///< the state before the action; empty: not recorded
  std::string after;
};

using Record = std::variant<PeerRecord, ChannelRecord, MemberRecord, MessageRecord, MailRecord,
                            BanRecord, AuditRecord, LogGone, MailGone, PeerGone, ChannelGone,
                            MemberGone, ServerBanGone, Sealed>;

/// All data of a store, as loaded at the start. The two largest parts are deques: taking their
/// elements one by one frees memory at once.
struct Snapshot {
  bool sealed = false;  ///< the last server ended regularly: its last record was a Sealed
  std::vector<PeerRecord> peers;
  std::vector<ChannelRecord> channels;
  std::vector<MemberRecord> members;
  std::deque<MessageRecord>
      messages;                 ///< the messages of one channel are in the order of their numbers
  std::deque<MailRecord> mail;  ///< the messages of one peer are in the order of their numbers
  std::vector<BanRecord> bans;  ///< bans of the server
  std::vector<AuditRecord> audit;  ///< in the order of their ids
};

}  // namespace signaller::port
