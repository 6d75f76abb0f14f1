// What survives a restart, as plain values: the store knows nothing of channels and peers but
// these. Every record is the whole new state under its key, so writing one twice does no harm.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace signaller::port {

/// A peer, keyed by `id` (24 hex digits). Times are Unix milliseconds. One whose session has ended
/// stays as long as its id is owned.
struct PeerRecord {
  std::string id;
  std::string nick;  ///< as shown; empty: none
  std::string name;
  std::string info;  ///< compact JSON object
  std::optional<std::string> away;
  std::string secret;                  ///< keyed hash, 64 hex digits
  std::uint64_t owner_generation = 0;  ///< who has the id now: ranks belong to a tenure
  bool owned = false;
  bool here = false;                     ///< has a session, live or suspended
  std::string dm;                        ///< "anyone", "shared" or "none"
  std::vector<std::string> blocks;       ///< peer ids
  std::int64_t resume_ms = 0;            ///< how long a lost connection's session is kept
  std::string inbox_epoch;               ///< 8 hex digits; empty: it has no inbox
  std::uint64_t inbox_seq = 0;           ///< no higher number has been given out in its inbox
  std::uint64_t inbox_sequence_gap = 0;  ///< mail up to this number may be missing
  std::uint64_t inbox_handed = 0;        ///< mail up to this number has been handed out
  std::int64_t seen_ms = 0;              ///< when it was last connected, as far as known
  std::int64_t created_ms = 0;
  std::int64_t updated_ms = 0;
  bool fresh = false;  ///< mail that is stored under the id is somebody else's: it goes
};

/// A peer's right or restriction in a channel, or on the server. `until_ms` 0: for ever.
struct StandingRecord {
  std::string peer;
  std::string rank;  ///< "@" or "+": kept for a peer that is not in the channel
  std::uint64_t owner_generation = 0;
  std::int64_t until_ms = 0;
};
/// A ban of a channel; as a record of its own, of the server.
struct BanRecord {
  std::string whom;  ///< a peer id; of the server also an address or CIDR
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
  std::uint64_t seq = 0;           ///< no higher number has been given out
  std::uint64_t sequence_gap = 0;  ///< numbers up to this one may be missing from the log
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
  bool fresh = false;  ///< members and messages stored under the name are of another one: they go
};

/// Who is in which channel: stored once, under the channel.
struct MemberRecord {
  std::string channel;  ///< folded
  std::string peer;
  std::string rank;  ///< "", "+" or "@"
};

/// A message as it is kept, to be sent again.
struct KeptMessage {
  std::uint64_t seq = 0;
  std::int64_t unix_ms = 0;
  std::string msgid;
  std::string name;   ///< the sender's free name
  std::string line;   ///< in the plain form
  std::string from;   ///< the sender's id and session, `<id>:<inbox epoch>`, if it gave a label
  std::string label;  ///< empty: none
};

/// One message of a channel's log, keyed by channel and number. With the lowest number of all
/// begins the whole log: nothing that was stored before it stays.
struct MessageRecord {
  std::string channel;      ///< folded
  std::uint64_t first = 0;  ///< the lowest number that the log still has: lower ones may go
  KeptMessage message;
};

/// One private message of a peer's inbox, keyed by receiver and number; the lowest one likewise.
struct MailRecord {
  std::string peer;         ///< the receiver's id
  std::uint64_t first = 0;  ///< the lowest number that the inbox still has: lower ones may go
  bool handed = false;      ///< it went to a connection when it came
  KeptMessage message;
};

struct LogGone {  ///< the channel keeps no message
  std::string channel;
};
struct MailGone {  ///< nothing is in the peer's inbox
  std::string peer;
};
struct PeerGone {  ///< and its inbox
  std::string id;
};
struct ChannelGone {  ///< and all its members, and its log
  std::string channel;
};
struct MemberGone {
  std::string channel;
  std::string peer;
};

/// The server ends as it should: every number that is stored is the last one that was given out,
/// not one reserved ahead. It holds until the next load.
struct Sealed {};

/// Somebody is kept from the server, keyed by `whom`.
struct ServerBanGone {
  std::string whom;
};

/// What an operator did. Kept in the order of `id`; the oldest go first.
struct AuditRecord {
  std::uint64_t id = 0;
  std::int64_t unix_ms = 0;
  std::string actor;          ///< a peer id
  std::string operator_name;  ///< of /oper; empty: not one of the server's
  std::string verb;           ///< the command, lower case
  std::string target;         ///< a peer id, a channel, an address, or `*`
  std::string reason;         ///< as it was typed
  std::string before;         ///< what was so before; empty: says nothing
  std::string after;
};

using Record = std::variant<PeerRecord, ChannelRecord, MemberRecord, MessageRecord, MailRecord,
                            BanRecord, AuditRecord, LogGone, MailGone, PeerGone, ChannelGone,
                            MemberGone, ServerBanGone, Sealed>;

/// Everything that a store holds, as it is loaded at start. Deques: these are the most by far, and
/// whoever takes them one by one gives their memory back at once.
struct Snapshot {
  bool sealed = false;  ///< the last server wrote a Sealed, and nothing after it
  std::vector<PeerRecord> peers;
  std::vector<ChannelRecord> channels;
  std::vector<MemberRecord> members;
  std::deque<MessageRecord> messages;  ///< of a channel in the order of their numbers
  std::deque<MailRecord> mail;         ///< of a peer in the order of their numbers
  std::vector<BanRecord> bans;         ///< of the server
  std::vector<AuditRecord> audit;      ///< by id
};

}  // namespace signaller::port
