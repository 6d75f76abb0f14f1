// Options of the edge; config/key_table.cpp maps them to the keys of server.conf.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "net/admission/options.hpp"
#include "net/fanout/outbox.hpp"
#include "net/system/tls.hpp"

namespace signaller::net {

/// Serves an endpoint (its name, as in port::Endpoint) under a path.
struct Mount {
  std::string path;
  std::string endpoint;
};

struct ListenOptions {
  std::string address;     ///< numeric, IPv4 or IPv6
  std::uint16_t port = 0;  ///< 0: any free port
  std::vector<Mount> mounts;
  bool operations = false;  ///< serves /livez and /readyz besides its mounts
  bool secure = false;      ///< wss:// and https://, with ServerOptions::tls
  bool proxy = false;       ///< for trusted proxies only; connections begin with a PROXY header
};

/// The options that may change while the server runs.
struct Tuning {
  OutboxLimits outbox;
  AdmissionOptions admission;
  std::vector<std::string> origins;  ///< whose pages may connect, besides our own: see OriginRule
  std::size_t head_bytes = 8'192;    ///< of an HTTP request
  std::size_t body_bytes = 1024;
  std::size_t connections = 100'000;
  std::size_t memory = 0;  ///< bytes above which new clients are refused; 0: a share of the RAM
  std::chrono::milliseconds handshake_timeout{5'000};
  std::chrono::milliseconds close_timeout{2'000};
  std::chrono::milliseconds return_within{2'000};
  std::chrono::milliseconds ping_interval{25'000};  ///< 0: no pings, and no pong is expected
  std::chrono::milliseconds pong_timeout{
      75'000};  ///< also TCP's, for bytes without acknowledgement
  std::chrono::milliseconds message_timeout{
      30'000};                             ///< from the first byte of a message to its last
  std::size_t message_bytes = 67'108'864;  ///< of all unfinished messages together
  std::size_t request_bytes = 67'108'864;  ///< of all unfinished requests together
  std::size_t read_rate = 2'097'152;       ///< bytes a second of a connection; 0: no limit
};

struct ServerOptions : Tuning {
  std::vector<ListenOptions> listeners;
  TlsFiles tls;                   ///< of all listeners that are secure
  std::uint16_t node = 0;         ///< of its connections' ids (port::ConnectionId)
  std::size_t shards = 0;         ///< threads; 0: as many as there are cores
  bool core_thread = false;       ///< the core has a thread of its own, not that of shard 0
  int unsent_bytes = 128 * 1024;  ///< TCP_NOTSENT_LOWAT: bytes that the kernel may keep unsent
};

}  // namespace signaller::net
