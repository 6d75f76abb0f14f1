// The records of a store, as plain values: all that survives a restart. Every record is the whole
// new state of its key, so writing a record twice does no harm.
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
  std::string nick;  ///< as shown; empty: none
  std::string name;
  std::string info;  ///< compact JSON object
  std::optional<std::string> away;
  std::string secret;                  ///< keyed hash, 64 hex digits
  std::uint64_t owner_generation = 0;  ///< names the owner of the id: ranks belong to an owner
  bool owned = false;
  bool here = false;                     ///< it has a session, live or suspended
  std::string dm;                        ///< "anyone", "shared" or "none"
  std::vector<std::string> blocks;       ///< peer ids
  std::int64_t resume_ms = 0;            ///< how long its session is kept without connection
  std::string inbox_epoch;               ///< 8 hex digits; empty: it has no inbox
  std::uint64_t inbox_seq = 0;           ///< the highest number used in its inbox, or above it
  std::uint64_t inbox_sequence_gap = 0;  ///< mail up to this number may be missing
  std::uint64_t inbox_handed = 0;        ///< mail up to this number has been handed out
  std::int64_t seen_ms = 0;              ///< when it was last connected, as far as known
  std::int64_t created_ms = 0;
  std::int64_t updated_ms = 0;
  bool fresh = false;  ///< mail stored under the id belongs to a former owner: delete it
};

/// A right or a restriction of a peer in a channel, or on the server. `until_ms` 0: for ever.
struct StandingRecord {
  std::string peer;
  std::string rank;  ///< "@" or "+": kept while the peer is not in the channel
  std::uint64_t owner_generation = 0;
  std::int64_t until_ms = 0;
};
/// A ban of a channel. As a separate record: a ban of the server.
struct BanRecord {
  std::string whom;  ///< a peer id; in a ban of the server also an address or CIDR
  std::string by;    ///< a peer id
  std::string reason;
  std::int64_t set_ms = 0;
  std::int64_t until_ms = 0;
};

/// A channel without its members, keyed by `name` folded.
struct ChannelRecord {
  std::string name;  ///< as first written, with its `#`
  std::string topic;
  std::string creator;  ///< a peer id
  std::uint64_t creator_generation = 0;
  std::string epoch;
  std::uint64_t seq = 0;           ///< the highest message number used, or above it
  std::uint64_t sequence_gap = 0;  ///< messages up to this number may be missing from the log
  std::string token;               ///< keyed hash, 64 hex digits; empty: none
  std::string modes;               ///< as 324 shows them
  std::string title;               ///< `name` of /descp #channel
  std::string descp;
  std::string info;  ///< compact JSON object
  std::vector<StandingRecord> ranks;
  std::vector<StandingRecord> mutes;
  std::vector<StandingRecord> invites;
  std::vector<BanRecord> bans;
  std::int64_t created_ms = 0;
  std::int64_t updated_ms = 0;
  bool fresh = false;  ///< members and messages stored under the name are of an older channel:
                       ///< delete them
};

/// A member of a channel: stored once, under the channel.
struct MemberRecord {
  std::string channel;  ///< folded
  std::string peer;
  std::string rank;  ///< "", "+" or "@"
};

/// A message in the history or in an inbox.
struct KeptMessage {
  std::uint64_t seq = 0;
  std::int64_t unix_ms = 0;
  std::string msgid;
  std::string name;   ///< the `name` of the sender
  std::string line;   ///< in the plain form
  std::string from;   ///< the sender's id and session, `<id>:<inbox epoch>`, if it gave a label
  std::string label;  ///< empty: none
};

/// One message of a channel's log, keyed by channel and number. The message with the number
/// `first` begins the log: everything that was stored before it is deleted.
struct MessageRecord {
  std::string channel;      ///< folded
  std::uint64_t first = 0;  ///< the lowest number in the log: lower ones may be deleted
  KeptMessage message;
};

/// One private message of a peer's inbox, keyed by receiver and number; `first` as above.
struct MailRecord {
  std::string peer;         ///< the receiver's id
  std::uint64_t first = 0;  ///< the lowest number in the inbox: lower ones may be deleted
  bool handed = false;      ///< it was sent to a connection when it came
  KeptMessage message;
};

struct LogGone {  ///< deletes the log of the channel
  std::string channel;
};
struct MailGone {  ///< deletes all messages in the inbox of the peer
  std::string peer;
};
struct PeerGone {  ///< deletes the peer and its inbox
  std::string id;
};
struct ChannelGone {  ///< deletes the channel, its members and its log
  std::string channel;
};
struct MemberGone {
  std::string channel;
  std::string peer;
};

/// The server ends regularly: every stored number is the last one that was used, not one reserved
/// ahead. Valid until the next load.
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
  std::string operator_name;  ///< of /oper; empty: the actor is no server operator
  std::string verb;           ///< the command, lower case
  std::string target;         ///< a peer id, a channel, an address, or `*`
  std::string reason;         ///< as the operator typed it
  std::string before;         ///< the state before; empty: not recorded
  std::string after;
};

using Record = std::variant<PeerRecord, ChannelRecord, MemberRecord, MessageRecord, MailRecord,
                            BanRecord, AuditRecord, LogGone, MailGone, PeerGone, ChannelGone,
                            MemberGone, ServerBanGone, Sealed>;

/// Everything in a store, as it is loaded at start. Deques hold the two largest parts: taking their
/// elements one by one frees memory at once.
struct Snapshot {
  bool sealed = false;  ///< the last record that the last server wrote was a Sealed
  std::vector<PeerRecord> peers;
  std::vector<ChannelRecord> channels;
  std::vector<MemberRecord> members;
  std::deque<MessageRecord> messages;  ///< of a channel in the order of their numbers
  std::deque<MailRecord> mail;         ///< of a peer in the order of their numbers
  std::vector<BanRecord> bans;         ///< of the server
  std::vector<AuditRecord> audit;      ///< by id
};

}  // namespace signaller::port
