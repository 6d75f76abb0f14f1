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
/// `limits.<name>`. 005 announces each member that names its token here.
struct Limits {
  std::size_t line = 65'536;              ///< LINELEN
  std::size_t frame = 262'144;            ///< FRAMELEN
  std::size_t frame_undescribed = 8'192;  ///< before `/descp`
  std::size_t content = 60'000;           ///< of /privmsg, /pubmsg and /broadcast
  std::size_t name = 64;                  ///< NAMELEN
  std::size_t nick = 32;                  ///< NICKLEN
  std::size_t channel = 64;               ///< CHANNELLEN, without the `#`
  std::size_t info = 4'096;               ///< INFOLEN
  std::size_t topic = 512;                ///< TOPICLEN
  std::size_t away = 512;                 ///< AWAYLEN
  std::size_t reason = 512;               ///< REASONLEN
  std::size_t channels = 100;             ///< MAXCHANNELS, for each peer
  std::size_t presence = 1'000;           ///< PRESENCE, members
  std::size_t bans = 1'000;            ///< of one channel; mutes, invites and kept ranks likewise
  std::size_t server_bans = 10'000;    ///< of the server, ids and addresses together
  std::size_t blocks = 256;            ///< of one peer
  std::size_t persistent = 10'000;     ///< channels with +P in all
  std::size_t persistent_each = 20;    ///< channels with +P that one peer has created
  std::size_t suspended = 100'000;     ///< peers in all: the oldest leave first
  std::size_t identities = 1'000'000;  ///< owned ids in all: those longest unseen go first
  std::size_t inbox = 64;              ///< private messages kept for a peer
  std::size_t inbox_bytes = 262'144;   ///< of them
  std::size_t inbox_all_bytes = 67'108'864;  ///< of all peers' together
  std::size_t labels = 256;                  ///< of a peer's messages, remembered for retries
  double oper_rate = 0.1;            ///< tries of /oper a second for each address; 0: no limit
  double oper_burst = 5;             ///< tries
  double cost_rate = 20;             ///< cost units a second for each peer; 0: no limit
  double cost_burst = 100;           ///< cost units
  double address_rate = 200;         ///< cost units a second for each address; 0: no limit
  double address_burst = 1'000;      ///< cost units
  double channel_rate = 262'144;     ///< bytes a second that are said in a channel; 0: no limit
  double channel_burst = 393'216;    ///< of them at once: half of what may wait for a reader
  std::size_t cost_bytes = 262'144;  ///< of a message times members: one cost unit more
  std::size_t faults = 100;          ///< refusals of a connection in 60 s; 0: no limit
};

/// The limits of the messages that a channel keeps for `since`, /history and joining.
struct HistoryLimits : irc::LogLimits {
  std::size_t on_join = 20;  ///< messages shown on joining, until +H says otherwise
};

/// An account of /oper.
struct OperatorOptions {
  std::string name;
  std::string hash;               ///< argon2id, as `signaller hash-password` prints it
  std::vector<std::string> from;  ///< addresses or CIDRs; empty: from anywhere
};

enum class BroadcastBy : std::uint8_t { Operators, Peers };

struct Options {
  std::string server_name = "signaller";  ///< the source of the server's own lines
  std::string version = "0";
  std::string boot = "00000000";  ///< 8 hex digits, new at each start: part of message ids
  std::uint16_t node = 0;
  std::int64_t started_ms = 0;  ///< steady: since when the server runs
  std::string password;         ///< `token` in /descp must match; empty: none needed
  bool client_ids = true;       ///< peers may bring an id of their own
  BroadcastBy broadcast = BroadcastBy::Operators;
  std::vector<std::string> motd;  ///< lines; empty: 422
  std::int64_t describe_timeout_ms = 30'000;
  std::size_t describe_crowd = 1'000;  ///< undescribed connections above which it gets shorter
  std::vector<OperatorOptions> operators;
  std::int64_t resume_ms = 60'000;        ///< how long a lost connection's session is kept
  std::int64_t resume_most_ms = 600'000;  ///< what /descp may ask for
  std::int64_t id_retention_ms = 2'592'000'000;
  std::int64_t invite_ms = 86'400'000;
  std::int64_t label_ms = 600'000;
  std::size_t audit_entries = 1'000;    ///< shown by /audit
  bool durable = false;                 ///< the store outlives the process
  bool ack_stored = true;               ///< with such a store an ACK comes when it has confirmed
  std::int64_t ack_timeout_ms = 5'000;  ///< NOT_STORED after so long
  std::vector<port::AddressRange>
      trusted_proxies;  ///< they forward other clients, so bans must not hit them
  HistoryLimits history;
  Limits limits;
};

}  // namespace signaller::commands
