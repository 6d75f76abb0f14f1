// Options of the slash protocol; config/key_table.cpp maps them to the keys of server.conf.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "irc/limits.hpp"
#include "port/address.hpp"

namespace signaller::commands {

/// Lengths are in bytes unless a comment says otherwise. Each member is a key of server.conf,
/// `limits.<name>`. If 005 announces the limit, the member's comment begins with the token of 005.
struct Limits {
  std::size_t line = 65'536;              ///< LINELEN
  std::size_t frame = 262'144;            ///< FRAMELEN
  std::size_t frame_undescribed = 8'192;  ///< FRAMELEN before `/descp`
  std::size_t content = 60'000;           ///< maximum for /privmsg, /pubmsg and /broadcast
  std::size_t name = 64;                  ///< NAMELEN
  std::size_t nick = 32;                  ///< NICKLEN
  std::size_t channel = 64;               ///< CHANNELLEN, without the `#`
  std::size_t info = 4'096;               ///< INFOLEN
  std::size_t topic = 512;                ///< TOPICLEN
  std::size_t away = 512;                 ///< AWAYLEN
  std::size_t reason = 512;               ///< REASONLEN
  std::size_t channels = 100;             ///< MAXCHANNELS, maximum for each peer
  std::size_t presence = 1'000;           ///< PRESENCE, number of members
  /// Maximum for one channel; the same for mutes, invites and kept ranks.
  std::size_t bans = 1'000;
  std::size_t server_bans = 10'000;  ///< maximum for the server, ids and addresses together
  std::size_t blocks = 256;          ///< maximum for one peer
  std::size_t persistent = 10'000;   ///< maximum number of channels with +P
  /// Maximum number of channels with +P that one peer has created.
  std::size_t persistent_each = 20;
  /// Maximum number of suspended peers; above it, the oldest sessions end.
  std::size_t suspended = 100'000;
  /// Maximum number of owned ids; above it, those unseen for longest are forgotten.
  std::size_t identities = 1'000'000;
  std::size_t inbox = 64;             ///< maximum number of private messages kept for a peer
  std::size_t inbox_bytes = 262'144;  ///< maximum bytes of private messages kept for a peer
  /// Maximum bytes of private messages kept for all peers.
  std::size_t inbox_all_bytes = 67'108'864;
  std::size_t labels = 256;       ///< maximum number of a peer's labels that are remembered
  double oper_rate = 0.1;         ///< attempts of /oper a second for each address; 0: no limit
  double oper_burst = 5;          ///< attempts of /oper that an address may make at once
  double cost_rate = 20;          ///< cost units a second for each peer; 0: no limit
  double cost_burst = 100;        ///< cost units that a peer may spend at once
  double address_rate = 200;      ///< cost units a second for each address; 0: no limit
  double address_burst = 1'000;   ///< cost units that an address may spend at once
  double channel_rate = 262'144;  ///< bytes a second that may be sent to a channel; 0: no limit
  /// Bytes that may be sent to a channel at once; half of the bytes that may wait for one reader.
  double channel_burst = 393'216;
  /// A message costs one more unit for each `cost_bytes` of (its bytes × receiving members).
  std::size_t cost_bytes = 262'144;
  std::size_t faults = 100;  ///< errors of a connection within 60 s; 0: no limit
};

/// The limits of the messages that a channel keeps for `since`, /history and joins.
struct HistoryLimits : irc::LogLimits {
  std::size_t on_join = 20;  ///< messages shown on joining, unless +H sets another number
};

/// A server operator that may log in with /oper.
struct OperatorOptions {
  std::string name;
  std::string hash;               ///< argon2id, as `signaller hash-password` prints it
  std::vector<std::string> from;  ///< addresses or CIDRs; empty: any address
};

enum class BroadcastBy : std::uint8_t { Operators, Peers };

struct Options {
  std::string server_name = "signaller";  ///< the source of the server's own lines
  std::string version = "0";
  std::string boot = "00000000";  ///< 8 hex digits, new at each start; part of message ids
  std::uint16_t node = 0;
  std::int64_t started_ms = 0;  ///< steady time when the server was started
  std::string password;    ///< the value that `token` in /descp must have; empty: none is needed
  bool client_ids = true;  ///< whether clients may choose their own ids
  BroadcastBy broadcast = BroadcastBy::Operators;
  std::vector<std::string> motd;  ///< lines; empty: 422 is sent
  std::int64_t describe_timeout_ms = 30'000;
  /// Number of undescribed connections above which new ones get less time than describe_timeout.
  std::size_t describe_crowd = 1'000;
  std::vector<OperatorOptions> operators;
  std::int64_t resume_ms = 60'000;        ///< how long the session of a lost connection is kept
  std::int64_t resume_most_ms = 600'000;  ///< the longest time that /descp may request
  std::int64_t id_retention_ms = 2'592'000'000;
  std::int64_t invite_ms = 86'400'000;
  std::int64_t label_ms = 600'000;
  std::size_t audit_entries = 1'000;    ///< number of entries that /audit can show
  bool durable = false;                 ///< whether the store outlives the process
  bool ack_stored = true;               ///< whether the ACK of a message waits for a durable store
  std::int64_t ack_timeout_ms = 5'000;  ///< how long an ACK waits before NOT_STORED is sent
  /// Addresses that cannot be banned: these proxies forward other clients.
  std::vector<port::AddressRange> trusted_proxies;
  HistoryLimits history;
  Limits limits;
};

}  // namespace signaller::commands
