// The table of keys. What is said here is said nowhere else.
#include <algorithm>

#include "config/config.hpp"

namespace signaller {
namespace {

using commands::BroadcastBy;

#define SIZE(name, member, least, meaning)                       \
  Key {                                                          \
    name, meaning, SizeAt {                                      \
      +[](Config& c) -> std::size_t& { return c.member; }, least \
    }                                                            \
  }
#define REAL(name, member, meaning)                  \
  Key {                                              \
    name, meaning, RealAt {                          \
      +[](Config& c) -> double& { return c.member; } \
    }                                                \
  }
#define FLAG(name, member, meaning)                \
  Key {                                            \
    name, meaning, FlagAt {                        \
      +[](Config& c) -> bool& { return c.member; } \
    }                                              \
  }
#define TEXT(name, member, meaning)                       \
  Key {                                                   \
    name, meaning, TextAt {                               \
      +[](Config& c) -> std::string& { return c.member; } \
    }                                                     \
  }
#define PATH(name, member, meaning)                       \
  Key {                                                   \
    name, meaning, PathAt {                               \
      +[](Config& c) -> std::string& { return c.member; } \
    }                                                     \
  }
#define LINES(name, member, meaning)                                   \
  Key {                                                                \
    name, meaning, LinesAt {                                           \
      +[](Config& c) -> std::vector<std::string>& { return c.member; } \
    }                                                                  \
  }
/// A member that is int64 milliseconds.
#define DURATION(name, member, meaning)                            \
  Key {                                                            \
    name, meaning, DurationAt {                                    \
      +[](const Config& c) -> std::int64_t { return c.member; },   \
          +[](Config& c, std::int64_t value) { c.member = value; } \
    }                                                              \
  }
/// A member that is std::chrono::milliseconds.
#define MILLISECONDS(name, member, meaning)                                                   \
  Key {                                                                                       \
    name, meaning, DurationAt {                                                               \
      +[](const Config& c) { return static_cast<std::int64_t>(c.member.count()); },           \
          +[](Config& c, std::int64_t value) { c.member = std::chrono::milliseconds(value); } \
    }                                                                                         \
  }

/// Changing it needs a restart.
Key fixed(Key key) {
  key.applies = Applies::OnRestart;
  return key;
}

std::vector<Key> general_keys() {
  return {
      fixed(TEXT("server_name", slash.server_name,
                 "The network's name: the source of the server's own lines. No spaces.")),
      fixed(TEXT(
          "store", store,
          "What survives a restart. \"memory\": nothing does, channels and peers live as long\n"
          "as the process. \"redis://[user:password@]host:port/db\" or\n"
          "\"redis+unix:///path/of/socket\": everything, mirrored there.")),
      fixed(
          TEXT("store_prefix", store_prefix,
               "What all keys in Redis begin with: one for each server that uses the same Redis.")),
      fixed(DURATION("store_timeout", store_timeout_ms,
                     "How long Redis may say nothing before it counts as away.")),
      fixed(
          DURATION("lease_ttl", lease_ttl_ms,
                   "How long after its last sign of life another server takes over what this one\n"
                   "had stored. On the same machine it does so at once if this process has died.")),
      Key{"durability",
          "When a labelled message is acknowledged: \"ack\": once the store has it, \"behind\": at "
          "once.",
          ChoiceAt{
              "ack|behind",
              +[](const Config& c) -> std::string { return c.slash.ack_stored ? "ack" : "behind"; },
              +[](Config& c, std::string_view word) { c.slash.ack_stored = word == "ack"; }}},
      DURATION("ack_timeout", slash.ack_timeout_ms,
               "How long a labelled message waits for the store: then FAIL NOT_STORED."),
      fixed(
          TEXT("operations", operations,
               "Where /livez and /readyz are served, \"ADDR:PORT\" or \"off\". Never the public.\n"
               "--listen on the command line turns it off unless --operations is given too.")),
      fixed(
          PATH("secret_key_file", secret_key_file,
               "Where the key lies with which secrets and tokens are hashed: 32 random bytes that\n"
               "only their owner may read (mode 0600). Made at the first start. Whoever loses it\n"
               "loses every secret, so keep it with the store. Relative: beside this file, or in\n"
               "the working folder where there is none.")),
      PATH("operators_file", operators_file,
           "A file with further [[operator]] tables, so that their hashes lie apart. Empty: none."),
      TEXT("password", slash.password,
           "If set, /descp must bring it: {token: \"…\"}. Empty: everybody may come."),
      PATH("password_file", password_file,
           "A file whose first line is that password, in place of `password`. Empty: none."),
      FLAG("client_ids", slash.client_ids,
           "Peers may bring an id of their own in /descp; false: the server issues all ids."),
      Key{"broadcast",
          "Who may use /broadcast: \"operators\" (of the server), or \"peers\": everybody.",
          ChoiceAt{"operators|peers",
                   +[](const Config& c) -> std::string {
                     return c.slash.broadcast == BroadcastBy::Peers ? "peers" : "operators";
                   },
                   +[](Config& c, std::string_view word) {
                     c.slash.broadcast =
                         word == "peers" ? BroadcastBy::Peers : BroadcastBy::Operators;
                   }}},
      LINES("motd", slash.motd, "Message of the day, a list of lines. Empty: none."),
      DURATION("describe_timeout", slash.describe_timeout_ms,
               "How long a connection may stay without a valid /descp (close code 3502)."),
      SIZE("describe_crowd", slash.describe_crowd, 1,
           "Undescribed connections above which describe_timeout gets shorter, down to 5s."),
      SIZE("presence_limit", slash.limits.presence, 1,
           "Members above which a channel tells a COUNT instead of each JOIN, PART, QUIT, AWAY."),
  };
}

std::vector<Key> session_keys() {
  return {
      DURATION("resume", slash.resume_ms,
               "How long a lost connection's session is kept, with its channels and its mail."),
      DURATION("resume_most", slash.resume_most_ms,
               "The longest time that a peer may ask for with `resume` in /descp."),
      DURATION("id_retention", slash.id_retention_ms,
               "How long an id that is not used stays its owner's."),
      DURATION("invite_lifetime", slash.invite_ms, "How long an /invite opens a channel."),
      DURATION("label_memory", slash.label_ms,
               "How long a message's label is remembered, so that a retry is not sent twice."),
  };
}

std::vector<Key> limit_keys() {
  return {
      SIZE("limits.line", slash.limits.line, 512, "One line of a client. 005 LINELEN."),
      SIZE("limits.frame", slash.limits.frame, 1024,
           "One WebSocket message, which may hold several lines (close code 1009). 005 FRAMELEN."),
      fixed(SIZE("limits.frame_undescribed", slash.limits.frame_undescribed, 512,
                 "The same before /descp.")),
      SIZE("limits.content", slash.limits.content, 1,
           "Content of /privmsg, /pubmsg and /broadcast. 005 CHATLEN."),
      SIZE("limits.name", slash.limits.name, 1, "`name` of a peer. 005 NAMELEN."),
      SIZE("limits.nick", slash.limits.nick, 1, "`nick` of a peer, at most 32. 005 NICKLEN."),
      SIZE("limits.channel", slash.limits.channel, 1,
           "Name of a channel without its #, at most 64. 005 CHANNELLEN."),
      SIZE("limits.info", slash.limits.info, 2, "All further members of /descp. 005 INFOLEN."),
      SIZE("limits.topic", slash.limits.topic, 1, "Topic of a channel. 005 TOPICLEN."),
      SIZE("limits.away", slash.limits.away, 1, "Text of /away. 005 AWAYLEN."),
      SIZE("limits.reason", slash.limits.reason, 1,
           "Reason of /quit, /kick, /ban and /kill. 005 REASONLEN."),
      SIZE("limits.channels", slash.limits.channels, 1,
           "Channels that a peer may be in. 005 MAXCHANNELS."),
      SIZE("limits.bans", slash.limits.bans, 1,
           "Bans of a channel; mutes, invites and kept ranks likewise."),
      SIZE("limits.server_bans", slash.limits.server_bans, 1,
           "Bans of the server, ids and addresses together."),
      SIZE("limits.blocks", slash.limits.blocks, 0, "Peers that one peer may /block."),
      SIZE("limits.persistent", slash.limits.persistent, 0,
           "Channels that stay when nobody is in them (mode +P), in all."),
      SIZE("limits.persistent_each", slash.limits.persistent_each, 0,
           "Of those, channels that one peer has created."),
      SIZE("limits.suspended", slash.limits.suspended, 0,
           "Lost connections whose sessions are kept, in all: the oldest leave first."),
      SIZE("limits.identities", slash.limits.identities, 1,
           "Ids with an owner, in all: those longest unseen go first."),
      SIZE("limits.inbox", slash.limits.inbox, 1, "Private messages kept for a peer."),
      SIZE("limits.inbox_bytes", slash.limits.inbox_bytes, 1024, "Their bytes."),
      SIZE("limits.inbox_all_bytes", slash.limits.inbox_all_bytes, 65536,
           "The bytes of all peers' kept private messages together."),
      SIZE("limits.labels", slash.limits.labels, 0,
           "Labels of a peer's messages that are remembered for retries."),
      REAL("limits.cost_rate", slash.limits.cost_rate,
           "Cost units a second for each peer; most commands cost 1. 0: no limit."),
      REAL("limits.cost_burst", slash.limits.cost_burst, "Cost units that may be spent at once."),
      SIZE(
          "limits.cost_bytes", slash.limits.cost_bytes, 1024,
          "/pubmsg costs one unit more for so many bytes: those of the message times the members."),
      REAL("limits.address_rate", slash.limits.address_rate,
           "Cost units a second for all peers of an address, or of an IPv6 /64. 0: no limit."),
      REAL("limits.address_burst", slash.limits.address_burst,
           "Cost units that an address may spend at once."),
      REAL("limits.channel_rate", slash.limits.channel_rate,
           "Bytes a second that all together may say in a channel. 0: no limit."),
      REAL("limits.channel_burst", slash.limits.channel_burst,
           "Of them at once: less than outbox.chat, so that who reads at an ordinary pace stays."),
      SIZE("limits.faults", slash.limits.faults, 0,
           "Refused or faulty lines of a connection in 60 s that close it (3508). 0: no limit."),
  };
}

std::vector<Key> keeping_keys() {
  return {
      SIZE("history.messages", slash.history.messages, 0, "Messages kept of each channel."),
      SIZE("history.bytes", slash.history.bytes, 0, "Their bytes."),
      SIZE("history.all_bytes", slash.history.all_bytes, 0,
           "The bytes of all channels' together: the longest logs are cut first."),
      DURATION("history.age", slash.history.age_ms, "How long a message is kept."),
      SIZE("history.on_join", slash.history.on_join, 0,
           "Messages shown on joining, until a channel's mode +H says otherwise."),
      REAL("oper.rate", slash.limits.oper_rate,
           "Tries of /oper a second for each address. 0: no limit."),
      REAL("oper.burst", slash.limits.oper_burst, "Tries that an address has at once."),
      SIZE("audit.entries", slash.audit_entries, 1, "Entries of the audit log that /audit knows."),
      PATH("audit.file", log.audit_file,
           "The audit log as a file of its own: JSON lines, mode 0600, rotated as log.* says.\n"
           "Empty: it goes to the log, as its component \"audit\"."),
  };
}

std::vector<Key> edge_keys() {
  return {
      fixed(
          TEXT("server.host", host,
               "\"ADDR:PORT\" to listen on; where it is set and there is no [[listen]], the only\n"
               "one. Empty: none.")),
      PATH("tls.certificate", net.tls.certificate,
           "PEM file of the certificate, with its chain, for listeners that are wss:// or "
           "https://.\n"
           "It is read again when it changes; nobody is dropped for that."),
      PATH("tls.key", net.tls.key, "PEM file of its private key, without a passphrase."),
      fixed(SIZE("net.shards", net.shards, 0,
                 "Threads that serve connections. 0: as many as there are cores.")),
      fixed(FLAG("net.core_thread", net.core_thread,
                 "The core has a thread of its own; false: it rides on the first shard's.")),
      SIZE("net.connections", net.connections, 1, "Connections in all (HTTP 503 above)."),
      LINES(
          "net.trusted_proxies", net.admission.trusted_proxies,
          "Addresses and CIDRs of reverse proxies whose word counts about who their clients are:\n"
          "X-Forwarded-For, and PROXY headers. They are never counted or banned themselves."),
      LINES("net.origins", net.origins,
            "Whose web pages may connect beside those of this host: \"https://example.org\",\n"
            "\"https://*.example.org\" (all below it), \"null\" or \"*\" (HTTP 403 for others)."),
      SIZE("net.address_connections", net.admission.address_connections, 0,
           "Connections of an address, or of an IPv6 /64, at once (3504, HTTP 429). 0: no limit."),
      REAL("net.address_connect_rate", net.admission.address_connect_rate,
           "New connections of an address a second (3504, HTTP 429). 0: no limit."),
      REAL("net.address_connect_burst", net.admission.address_connect_burst,
           "New connections that an address may make at once."),
      SIZE("net.memory", net.memory, 0,
           "Resident memory above which nobody new is let in (HTTP 503), in bytes. 0: three "
           "quarters\n"
           "of the machine's, or of what its control group allows."),
      SIZE("net.head_bytes", net.head_bytes, 512,
           "Request line and headers, at most 16000 (HTTP 431 above)."),
      SIZE("net.body_bytes", net.body_bytes, 0, "Body of a request (HTTP 413 above)."),
      MILLISECONDS("net.handshake_timeout", net.handshake_timeout,
                   "From the connection to the end of its request (HTTP 408)."),
      MILLISECONDS(
          "net.return_within", net.return_within,
          "With a store that survives: clients are told to come back after a restart spread "
          "over this time (close code 1012)."),
      MILLISECONDS("net.close_timeout", net.close_timeout,
                   "How long the other side may take to answer a close frame."),
      MILLISECONDS("net.ping_interval", net.ping_interval,
                   "Each connection is sent a WebSocket ping so often. 0ms: never."),
      MILLISECONDS("net.pong_timeout", net.pong_timeout,
                   "Who is not heard of for so long, pongs included, is closed (3012)."),
      MILLISECONDS("net.message_timeout", net.message_timeout,
                   "From the first byte of a message to its last, fragments included (3013)."),
      SIZE("net.message_bytes", net.message_bytes, 1048576,
           "What all unfinished messages together may hold: the oldest go (3013)."),
      SIZE("net.request_bytes", net.request_bytes, 1048576,
           "What all HTTP requests under way may hold: the oldest go first (HTTP 503)."),
      SIZE("net.read_rate", net.read_rate, 0,
           "Bytes a second that are read of one connection, each message counted for 256 more.\n"
           "Who sends faster is slowed down. 0: no limit."),
      SIZE("outbox.all", net.outbox.all, 65536,
           "What may wait for one reader that is behind; more closes it (3008)."),
      SIZE("outbox.chat", net.outbox.chat, 65536, "Of that, chat (3008)."),
      SIZE("outbox.signals", net.outbox.signals, 65536, "Of that, signals (3008)."),
      SIZE("outbox.danmaku", net.outbox.danmaku, 0,
           "Of that, danmaku: what does not fit is left out and counted."),
      SIZE("outbox.process", net.outbox.process, 1048576, "What may wait for all readers."),
  };
}

std::vector<Key> log_keys() {
  return {
      Key{"log.level", "What is logged: \"debug\", \"info\", \"warn\", \"error\" or \"off\".",
          ChoiceAt{"debug|info|warn|error|off",
                   +[](const Config& c) -> std::string { return c.log.level; },
                   +[](Config& c, std::string_view word) { c.log.level = word; }}},
      LINES("log.levels", log.levels,
            "Components with a level of their own, such as [\"net=debug\", \"audit=off\"]. The\n"
            "components: server, net, store, operator, config, audit."),
      Key{"log.format", "\"text\", or \"json\": a JSON object a line.",
          ChoiceAt{"text|json", +[](const Config& c) -> std::string { return c.log.format; },
                   +[](Config& c, std::string_view word) { c.log.format = word; }}},
      FLAG("log.console", log.console, "Whether it is written to the standard error output."),
      PATH("log.out_dir", log.out_dir,
           "Folder of a log file; made if it is not there. Empty, and no out_file: no file."),
      TEXT("log.out_file", log.out_file,
           "Name of the log file; empty: signaller.log. SIGHUP and /rehash open it anew."),
      SIZE("log.rotate_bytes", log.rotate_bytes, 4096,
           "A log file that would get longer is put aside, as signaller.1.log and so on."),
      SIZE("log.rotate_files", log.rotate_files, 1, "How many are kept beside the newest."),
  };
}

#undef SIZE
#undef REAL
#undef FLAG
#undef TEXT
#undef PATH
#undef LINES
#undef DURATION
#undef MILLISECONDS

}  // namespace

const std::vector<Key>& config_keys() {
  static const std::vector<Key> keys = [] {
    std::vector<Key> all = general_keys();
    for (const auto& part :
         {session_keys(), limit_keys(), keeping_keys(), edge_keys(), log_keys()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return keys;
}

const Key* find_key(std::string_view name) {
  const auto& keys = config_keys();
  const auto found =
      std::find_if(keys.begin(), keys.end(), [name](const Key& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

std::string environment_name(const Key& key) {
  std::string out = "SIGNALLER_";
  for (const char c : key.name) {
    if (c == '.') {
      out += "__";
    } else {
      out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return out;
}

}  // namespace signaller
