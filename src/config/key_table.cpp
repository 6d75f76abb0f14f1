// The table of keys: server.conf, docs/configuration.rst, environment variables and --set derive
// from it.
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
/// Declares a key whose member is an std::int64_t, in milliseconds.
#define DURATION(name, member, meaning)                            \
  Key {                                                            \
    name, meaning, DurationAt {                                    \
      +[](const Config& c) -> std::int64_t { return c.member; },   \
          +[](Config& c, std::int64_t value) { c.member = value; } \
    }                                                              \
  }
/// Declares a key whose member is of type std::chrono::milliseconds.
#define MILLISECONDS(name, member, meaning)                                                   \
  Key {                                                                                       \
    name, meaning, DurationAt {                                                               \
      +[](const Config& c) { return static_cast<std::int64_t>(c.member.count()); },           \
          +[](Config& c, std::int64_t value) { c.member = std::chrono::milliseconds(value); } \
    }                                                                                         \
  }

/// Marks a key that only a restart can change.
Key fixed(Key key) {
  key.applies = Applies::OnRestart;
  return key;
}

std::vector<Key> name_and_store_keys() {
  return {
      fixed(TEXT("server_name", slash.server_name,
                 "Name of the network: the source of the server's own lines. One word.")),
      fixed(
          TEXT("store", store,
               "Where state is kept. \"memory\": channels and peers live as long as the process.\n"
               "\"redis://[user:password@]host:port/db\" or \"redis+unix:///path/of/socket\": "
               "mirrored to\n"
               "Redis; everything survives a restart.")),
      fixed(
          TEXT("store_prefix", store_prefix,
               "Prefix of all keys in Redis. Each server that uses the same Redis needs its own.")),
      fixed(DURATION("store_timeout", store_timeout_ms,
                     "Redis counts as unreachable when it has not answered for this long.")),
      fixed(DURATION(
          "lease_ttl", lease_ttl_ms,
          "Another server may take over this server's store when this one has given no sign of\n"
          "life for this long; on the same machine at once if this process has died.")),
      Key{"durability",
          "When a labelled message is acknowledged: \"ack\": when the store has confirmed it,\n"
          "\"behind\": at once.",
          ChoiceAt{
              "ack|behind",
              +[](const Config& c) -> std::string { return c.slash.ack_stored ? "ack" : "behind"; },
              +[](Config& c, std::string_view word) { c.slash.ack_stored = word == "ack"; }}},
      DURATION("ack_timeout", slash.ack_timeout_ms,
               "How long a labelled message waits for the store before FAIL NOT_STORED is sent."),
  };
}

std::vector<Key> access_keys() {
  return {
      fixed(TEXT(
          "operations", operations,
          "Address of /livez, /readyz, /metrics and /info: \"ADDR:PORT\" or \"off\". Never make "
          "it\n"
          "public. --listen on the command line turns it off unless --operations is given too.")),
      fixed(PATH(
          "secret_key_file", secret_key_file,
          "File with the key that hashes secrets and tokens: 32 random bytes, readable by its "
          "owner\n"
          "only (mode 0600). Created at the first start. Without it every stored secret is "
          "invalid,\n"
          "so back it up together with the store. A relative path is relative to this file, or to\n"
          "the working directory if there is no file.")),
      PATH("operators_file", operators_file,
           "File with further [[operator]] tables, to keep their hashes apart. Empty: none."),
      TEXT("password", slash.password,
           "If set, /descp must contain it: {token: \"…\"}. Empty: no password is needed."),
      PATH("password_file", password_file,
           "File whose first line is the password, instead of `password`. Empty: none."),
      FLAG("client_ids", slash.client_ids,
           "true: a client may choose its own id in /descp. false: the server issues all ids."),
      Key{"broadcast",
          "Peers that may use /broadcast: \"operators\" (of the server) or \"peers\" (all).",
          ChoiceAt{"operators|peers",
                   +[](const Config& c) -> std::string {
                     return c.slash.broadcast == BroadcastBy::Peers ? "peers" : "operators";
                   },
                   +[](Config& c, std::string_view word) {
                     c.slash.broadcast =
                         word == "peers" ? BroadcastBy::Peers : BroadcastBy::Operators;
                   }}},
  };
}

std::vector<Key> registration_keys() {
  return {
      LINES("motd", slash.motd, "Message of the day, a list of lines. Empty: none."),
      DURATION("describe_timeout", slash.describe_timeout_ms,
               "How long a connection may stay without a valid /descp (close code 3502)."),
      SIZE("describe_crowd", slash.describe_crowd, 1,
           "Above this number of undescribed connections describe_timeout shrinks, down to 5s."),
      SIZE("presence_limit", slash.limits.presence, 1,
           "Above this number of members a channel sends COUNT instead of JOIN, PART, QUIT and "
           "AWAY."),
  };
}

std::vector<Key> session_keys() {
  return {
      DURATION(
          "resume", slash.resume_ms,
          "How long the session of a lost connection is kept, with its channels and its mail."),
      DURATION("resume_most", slash.resume_most_ms,
               "The longest `resume` that a peer may request in /descp."),
      DURATION("id_retention", slash.id_retention_ms,
               "How long an unused id stays reserved for its owner."),
      DURATION("invite_lifetime", slash.invite_ms, "How long an /invite is valid."),
      DURATION("label_memory", slash.label_ms,
               "How long a message's label is remembered, so that a retry is not delivered twice."),
  };
}

std::vector<Key> length_limit_keys() {
  return {
      SIZE("limits.line", slash.limits.line, 512, "Length of one line of a client. 005 LINELEN."),
      SIZE("limits.frame", slash.limits.frame, 1024,
           "Length of one WebSocket message, which may hold several lines (close code 1009).\n"
           "005 FRAMELEN."),
      fixed(SIZE("limits.frame_undescribed", slash.limits.frame_undescribed, 512,
                 "Length of one WebSocket message before /descp (close code 1009).")),
      SIZE("limits.content", slash.limits.content, 1,
           "Length of the content of /privmsg, /pubmsg and /broadcast. 005 CHATLEN."),
      SIZE("limits.name", slash.limits.name, 1, "Length of a peer's `name`. 005 NAMELEN."),
      SIZE("limits.nick", slash.limits.nick, 1,
           "Length of a peer's `nick`, at most 32. 005 NICKLEN."),
      SIZE("limits.channel", slash.limits.channel, 1,
           "Length of a channel's name without its #, at most 64. 005 CHANNELLEN."),
      SIZE("limits.info", slash.limits.info, 2,
           "Length of all other members of /descp together. 005 INFOLEN."),
      SIZE("limits.topic", slash.limits.topic, 1, "Length of a channel's topic. 005 TOPICLEN."),
      SIZE("limits.away", slash.limits.away, 1, "Length of the text of /away. 005 AWAYLEN."),
      SIZE("limits.reason", slash.limits.reason, 1,
           "Length of the reason of /quit, /kick, /ban and /kill. 005 REASONLEN."),
  };
}

std::vector<Key> number_limit_keys() {
  return {
      SIZE("limits.channels", slash.limits.channels, 1,
           "Number of channels that one peer may be in. 005 MAXCHANNELS."),
      SIZE("limits.bans", slash.limits.bans, 1,
           "Number of bans of one channel; the same for mutes, invitations and stored ranks."),
      SIZE("limits.server_bans", slash.limits.server_bans, 1,
           "Number of server bans, ids and addresses together."),
      SIZE("limits.blocks", slash.limits.blocks, 0, "Number of peers that one peer may /block."),
      SIZE("limits.persistent", slash.limits.persistent, 0,
           "Number of persistent channels (mode +P) on the server."),
      SIZE("limits.persistent_each", slash.limits.persistent_each, 0,
           "Number of persistent channels that one peer may have created."),
      SIZE("limits.suspended", slash.limits.suspended, 0,
           "Number of suspended sessions on the server; above it the oldest ends."),
      SIZE("limits.identities", slash.limits.identities, 1,
           "Number of owned ids on the server; above it the one unseen for longest is forgotten."),
      SIZE("limits.inbox", slash.limits.inbox, 1, "Number of private messages kept for one peer."),
      SIZE("limits.inbox_bytes", slash.limits.inbox_bytes, 1024,
           "Bytes of private messages kept for one peer."),
      SIZE("limits.inbox_all_bytes", slash.limits.inbox_all_bytes, 65536,
           "Bytes of private messages kept for all peers together."),
      SIZE("limits.labels", slash.limits.labels, 0,
           "Number of labels remembered for one peer's retries."),
  };
}

std::vector<Key> rate_limit_keys() {
  return {
      REAL("limits.cost_rate", slash.limits.cost_rate,
           "Cost units per second for one peer; most commands cost 1. 0: no limit."),
      REAL("limits.cost_burst", slash.limits.cost_burst,
           "Cost units that one peer may spend at once."),
      SIZE(
          "limits.cost_bytes", slash.limits.cost_bytes, 1024,
          "/pubmsg costs one more unit for this many bytes (length of the message times members)."),
      REAL("limits.address_rate", slash.limits.address_rate,
           "Cost units per second for all peers of one address or IPv6 /64. 0: no limit."),
      REAL("limits.address_burst", slash.limits.address_burst,
           "Cost units that one address may spend at once."),
      REAL("limits.channel_rate", slash.limits.channel_rate,
           "Bytes per second that all members together may send to one channel. 0: no limit."),
      REAL("limits.channel_burst", slash.limits.channel_burst,
           "Bytes that may be sent to one channel at once. Keep it below outbox.chat, so that "
           "readers\n"
           "of ordinary speed are not closed."),
      SIZE("limits.faults", slash.limits.faults, 0,
           "Refused or invalid lines within 60 s that close a connection (3508). 0: no limit."),
  };
}

std::vector<Key> history_and_audit_keys() {
  return {
      SIZE("history.messages", slash.history.messages, 0,
           "Number of messages kept for one channel."),
      SIZE("history.bytes", slash.history.bytes, 0, "Bytes of messages kept for one channel."),
      SIZE("history.all_bytes", slash.history.all_bytes, 0,
           "Bytes of messages kept for all channels together; above it the largest logs are cut."),
      DURATION("history.age", slash.history.age_ms, "How long a message is kept."),
      SIZE(
          "history.on_join", slash.history.on_join, 0,
          "Number of messages shown on joining, unless the channel's mode +H sets another number."),
      REAL("oper.rate", slash.limits.oper_rate,
           "Attempts of /oper per second and address. 0: no limit."),
      REAL("oper.burst", slash.limits.oper_burst,
           "Attempts of /oper that one address may make at once."),
      SIZE("audit.entries", slash.audit_entries, 1,
           "Number of audit log entries that /audit can show."),
      PATH("audit.file", log.audit_file,
           "File for the audit log: JSON lines, mode 0600, rotated like the log file. Empty: "
           "entries\n"
           "go to the log, component \"audit\"."),
  };
}

std::vector<Key> listener_and_admission_keys() {
  return {
      fixed(TEXT("server.host", host,
                 "One more listener, \"ADDR:PORT\"; the only one if there is no [[listen]] table.\n"
                 "Empty: none.")),
      PATH("tls.certificate", net.tls.certificate,
           "PEM file of the certificate chain for wss:// and https:// listeners. Read again when "
           "it\n"
           "changes; existing connections stay open."),
      PATH("tls.key", net.tls.key, "PEM file of the private key, without a passphrase."),
      fixed(SIZE("net.shards", net.shards, 0,
                 "Number of threads that serve connections. 0: one per CPU core.")),
      fixed(FLAG(
          "net.core_thread", net.core_thread,
          "true: the core has a thread of its own. false: it shares the first shard's thread.")),
      SIZE("net.connections", net.connections, 1, "Number of connections (HTTP 503 above)."),
      LINES("net.trusted_proxies", net.admission.trusted_proxies,
            "Addresses and CIDRs of reverse proxies that may name their clients' addresses in\n"
            "X-Forwarded-For or PROXY headers. Proxies are neither counted nor banned themselves."),
      LINES("net.origins", net.origins,
            "Origins whose web pages may connect besides pages of this host: "
            "\"https://example.org\",\n"
            "\"https://*.example.org\" (all subdomains), \"null\" or \"*\" (HTTP 403 for others)."),
      SIZE(
          "net.address_connections", net.admission.address_connections, 0,
          "Connections of one address or IPv6 /64 at the same time (3504, HTTP 429). 0: no limit."),
      REAL("net.address_connect_rate", net.admission.address_connect_rate,
           "New connections of one address per second (3504, HTTP 429). 0: no limit."),
      REAL("net.address_connect_burst", net.admission.address_connect_burst,
           "New connections that one address may make at once."),
      SIZE("net.memory", net.memory, 0,
           "Resident memory in bytes above which new connections are refused (HTTP 503). 0: three\n"
           "quarters of the memory of the machine or of the control group."),
  };
}

std::vector<Key> connection_keys() {
  return {
      SIZE("net.head_bytes", net.head_bytes, 512,
           "Length of request line and headers, at most 16000 (HTTP 431 above)."),
      SIZE("net.body_bytes", net.body_bytes, 0, "Length of a request's body (HTTP 413 above)."),
      MILLISECONDS("net.handshake_timeout", net.handshake_timeout,
                   "Time from the connection to the end of its request (HTTP 408)."),
      MILLISECONDS("net.return_within", net.return_within,
                   "Before a restart with a durable store, clients are told to reconnect at times "
                   "spread over\n"
                   "this period (close code 1012)."),
      MILLISECONDS("net.close_timeout", net.close_timeout,
                   "How long a client may take to answer a close frame."),
      MILLISECONDS("net.ping_interval", net.ping_interval,
                   "Time between two WebSocket pings to one connection. 0ms: never."),
      MILLISECONDS(
          "net.pong_timeout", net.pong_timeout,
          "A connection that sends nothing for this long, pongs included, is closed (3012)."),
      MILLISECONDS("net.message_timeout", net.message_timeout,
                   "Time from the first byte of a message to its last, fragments included (3013)."),
      SIZE("net.message_bytes", net.message_bytes, 1048576,
           "Bytes of all unfinished messages together; above it the oldest are closed (3013)."),
      SIZE("net.request_bytes", net.request_bytes, 1048576,
           "Bytes of all unfinished HTTP requests together; above it the oldest are refused (HTTP "
           "503)."),
      SIZE("net.read_rate", net.read_rate, 0,
           "Bytes per second read from one connection; each message counts as 256 bytes more. A "
           "client\n"
           "that sends faster is slowed down. 0: no limit."),
  };
}

std::vector<Key> outbox_keys() {
  return {
      SIZE("outbox.all", net.outbox.all, 65536,
           "Bytes that may wait for one slow reader; more closes it (3008)."),
      SIZE("outbox.chat", net.outbox.chat, 65536, "Bytes of chat among them (3008)."),
      SIZE("outbox.signals", net.outbox.signals, 65536, "Bytes of signals among them (3008)."),
      SIZE("outbox.danmaku", net.outbox.danmaku, 0,
           "Bytes of danmaku among them; more is dropped and counted."),
      SIZE("outbox.process", net.outbox.process, 1048576,
           "Bytes that may wait for all slow readers together (3008)."),
  };
}

std::vector<Key> log_keys() {
  return {
      Key{"log.level", "Log level: \"debug\", \"info\", \"warn\", \"error\" or \"off\".",
          ChoiceAt{"debug|info|warn|error|off",
                   +[](const Config& c) -> std::string { return c.log.level; },
                   +[](Config& c, std::string_view word) { c.log.level = word; }}},
      LINES("log.levels", log.levels,
            "Levels of single components, such as [\"net=debug\", \"audit=off\"]. Components: "
            "server, net,\n"
            "store, operator, config, audit."),
      Key{"log.format", "\"text\", or \"json\" for one JSON object per line.",
          ChoiceAt{"text|json", +[](const Config& c) -> std::string { return c.log.format; },
                   +[](Config& c, std::string_view word) { c.log.format = word; }}},
      FLAG("log.console", log.console, "true: log lines are written to the standard error output."),
      PATH("log.out_dir", log.out_dir,
           "Directory of the log file; created if missing. Empty, and no out_file: no log file."),
      TEXT("log.out_file", log.out_file,
           "Name of the log file; empty: signaller.log. SIGHUP and /rehash reopen it."),
      SIZE("log.rotate_bytes", log.rotate_bytes, 4096,
           "A log file that would exceed this size is renamed to signaller.1.log and so on."),
      SIZE("log.rotate_files", log.rotate_files, 1, "Number of renamed log files that are kept."),
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

/// Puts the parts in the order in which server.conf lists the keys.
const std::vector<Key>& config_keys() {
  static const std::vector<Key> keys = [] {
    std::vector<Key> all;
    for (const auto& part :
         {name_and_store_keys(), access_keys(), registration_keys(), session_keys(),
          length_limit_keys(), number_limit_keys(), rate_limit_keys(), history_and_audit_keys(),
          listener_and_admission_keys(), connection_keys(), outbox_keys(), log_keys()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return keys;
}

}  // namespace signaller
