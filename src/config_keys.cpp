// The table of keys. What is said here is said nowhere else.
#include "config.hpp"

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
#define MILLISECONDS(name, member, meaning)                                                   \
  Key {                                                                                       \
    name, meaning, DurationAt {                                                               \
      +[](const Config& c) { return static_cast<std::int64_t>(c.member.count()); },           \
          +[](Config& c, std::int64_t value) { c.member = std::chrono::milliseconds(value); } \
    }                                                                                         \
  }

std::vector<Key> general_keys() {
  return {
      TEXT("server_name", slash.server_name,
           "The network's name: the source of the server's own lines. No spaces."),
      TEXT("store", store,
           "What survives a restart. \"memory\": nothing does, channels and peers live as long as\n"
           "the process."),
      TEXT("operations", operations,
           "Where /livez and /readyz are served, \"ADDR:PORT\" or \"off\". Never the public.\n"
           "--listen on the command line turns it off unless --operations is given too."),
      TEXT("password", slash.password,
           "If set, /descp must bring it: {token: \"…\"}. Empty: everybody may come."),
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
      Key{"motd", "Message of the day, a list of lines. Empty: none.",
          LinesAt{+[](Config& c) -> std::vector<std::string>& { return c.slash.motd; }}},
      Key{"describe_timeout",
          "How long a connection may stay without a valid /descp (close code 3502).",
          DurationAt{+[](const Config& c) { return c.slash.describe_timeout_ms; },
                     +[](Config& c, std::int64_t value) { c.slash.describe_timeout_ms = value; }}},
      SIZE("describe_crowd", slash.describe_crowd, 1,
           "Undescribed connections above which describe_timeout gets shorter, down to 5s."),
      SIZE("presence_limit", slash.limits.presence, 1,
           "Members above which a channel tells a COUNT instead of each JOIN, PART, QUIT, AWAY."),
  };
}

std::vector<Key> limit_keys() {
  return {
      SIZE("limits.line", slash.limits.line, 512, "One line of a client. 005 LINELEN."),
      SIZE("limits.frame", slash.limits.frame, 1024,
           "One WebSocket message, which may hold several lines (close code 1009). 005 FRAMELEN."),
      SIZE("limits.frame_undescribed", slash.limits.frame_undescribed, 512,
           "The same before /descp."),
      SIZE("limits.content", slash.limits.content, 1,
           "Content of /privmsg, /pubmsg and /broadcast. 005 CHATLEN."),
      SIZE("limits.name", slash.limits.name, 1, "`name` of a peer. 005 NAMELEN."),
      SIZE("limits.nick", slash.limits.nick, 1, "`nick` of a peer, at most 32. 005 NICKLEN."),
      SIZE("limits.channel", slash.limits.channel, 1,
           "Name of a channel without its #, at most 64. 005 CHANNELLEN."),
      SIZE("limits.info", slash.limits.info, 2, "All further members of /descp. 005 INFOLEN."),
      SIZE("limits.topic", slash.limits.topic, 1, "Topic of a channel. 005 TOPICLEN."),
      SIZE("limits.away", slash.limits.away, 1, "Text of /away. 005 AWAYLEN."),
      SIZE("limits.reason", slash.limits.reason, 1, "Reason of /quit and /kick. 005 REASONLEN."),
      SIZE("limits.channels", slash.limits.channels, 1,
           "Channels that a peer may be in. 005 MAXCHANNELS."),
      REAL("limits.cost_rate", slash.limits.cost_rate,
           "Cost units a second for each connection; most commands cost 1. 0: no limit."),
      REAL("limits.cost_burst", slash.limits.cost_burst, "Cost units that may be spent at once."),
  };
}

std::vector<Key> edge_keys() {
  return {
      SIZE("net.shards", net.shards, 0,
           "Threads that serve connections. 0: as many as there are cores."),
      FLAG("net.core_thread", net.core_thread,
           "The core has a thread of its own; false: it rides on the first shard's."),
      SIZE("net.connections", net.connections, 1, "Connections in all (HTTP 503 above)."),
      SIZE("net.head_bytes", net.head_bytes, 512, "Request line and headers (HTTP 431 above)."),
      SIZE("net.body_bytes", net.body_bytes, 0, "Body of a request (HTTP 413 above)."),
      MILLISECONDS("net.handshake_timeout", net.handshake_timeout,
                   "From the connection to the end of its request (HTTP 408)."),
      MILLISECONDS("net.close_timeout", net.close_timeout,
                   "How long the other side may take to answer a close frame."),
      SIZE("outbox.all", net.outbox.all, 65536,
           "What may wait for one reader that is behind; more closes it (3008)."),
      SIZE("outbox.chat", net.outbox.chat, 65536, "Of that, chat (3008)."),
      SIZE("outbox.signals", net.outbox.signals, 65536, "Of that, signals (3008)."),
      SIZE("outbox.danmaku", net.outbox.danmaku, 0,
           "Of that, danmaku: what does not fit is left out and counted."),
      SIZE("outbox.process", net.outbox.process, 1048576, "What may wait for all readers."),
      Key{"log.level", "What is logged: \"debug\", \"info\", \"warn\", \"error\" or \"off\".",
          ChoiceAt{"debug|info|warn|error|off",
                   +[](const Config& c) -> std::string { return c.log_level; },
                   +[](Config& c, std::string_view word) { c.log_level = word; }}},
  };
}

#undef SIZE
#undef REAL
#undef FLAG
#undef TEXT
#undef MILLISECONDS

}  // namespace

const std::vector<Key>& config_keys() {
  static const std::vector<Key> keys = [] {
    std::vector<Key> all = general_keys();
    for (const auto& part : {limit_keys(), edge_keys()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return keys;
}

}  // namespace signaller
