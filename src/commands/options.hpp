// What an operator may set of the slash protocol; the keys of server.conf are in config.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace signaller::commands {

/// Lengths in bytes unless said otherwise. Each is a key of server.conf, `limits.<name>`, and
/// those with a token are told in 005.
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
  double cost_rate = 20;                  ///< cost units a second for each connection; 0: no limit
  double cost_burst = 100;                ///< cost units
};

enum class BroadcastBy : std::uint8_t { Operators, Peers };

struct Options {
  std::string server_name = "signaller";  ///< the source of the server's own lines
  std::string version = "0";
  std::string boot = "00000000";  ///< 8 hex digits, new at each start: part of message ids
  std::uint16_t node = 0;
  std::string password;    ///< `token` in /descp must match; empty: none needed
  bool client_ids = true;  ///< peers may bring an id of their own
  BroadcastBy broadcast = BroadcastBy::Operators;
  std::vector<std::string> motd;  ///< lines; empty: 422
  std::int64_t describe_timeout_ms = 30'000;
  std::size_t describe_crowd = 1'000;  ///< undescribed connections above which it gets shorter
  bool durable = false;                ///< 005 DURABLE
  Limits limits;
};

}  // namespace signaller::commands
