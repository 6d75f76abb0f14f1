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

/// Serves an endpoint under a path. The name of the endpoint is as in port::Endpoint.
struct Mount {
  std::string path;
  std::string endpoint;
};

struct ListenOptions {
  std::string address;     ///< numeric, IPv4 or IPv6
  std::uint16_t port = 0;  ///< 0: any free port
  std::vector<Mount> mounts;
  bool operations = false;  ///< also serves /livez and /readyz
  bool secure = false;      ///< uses TLS (wss:// and https://) with ServerOptions::tls
  bool proxy = false;  ///< only trusted proxies may connect, and each sends a PROXY header first
  /// An IPv6 address is not used for IPv4 clients, because another listener serves them.
  bool v6_only = false;
};

/// The options that may change while the server runs.
struct Tuning {
  OutboxLimits outbox;
  AdmissionOptions admission;
  /// Origins whose pages may connect besides those of the server's own host: see OriginRule.
  std::vector<std::string> origins;
  std::size_t head_bytes = 8'192;  ///< bytes of request line and headers
  std::size_t body_bytes = 1024;
  std::size_t connections = 100'000;
  /// Bytes of resident memory above which new clients are refused; 0: a share of the RAM.
  std::size_t memory = 0;
  std::chrono::milliseconds handshake_timeout{5'000};
  std::chrono::milliseconds close_timeout{2'000};
  std::chrono::milliseconds return_within{2'000};
  /// 0: no pings are sent, and no pong is expected.
  std::chrono::milliseconds ping_interval{25'000};
  /// Time without a pong, or without an acknowledgement of sent bytes (TCP_USER_TIMEOUT).
  std::chrono::milliseconds pong_timeout{75'000};
  /// Time from the first byte of a message to its last one.
  std::chrono::milliseconds message_timeout{30'000};
  std::size_t message_bytes = 67'108'864;  ///< bytes of all unfinished messages together
  std::size_t request_bytes = 67'108'864;  ///< bytes of all unfinished requests together
  /// Bytes a second that are read from one connection; 0: no limit.
  std::size_t read_rate = 2'097'152;
};

struct ServerOptions : Tuning {
  std::vector<ListenOptions> listeners;
  TlsFiles tls;            ///< certificate and key of all listeners that are secure
  std::uint16_t node = 0;  ///< number of this node in connection ids (port::ConnectionId)
  std::size_t shards = 0;  ///< number of threads; 0: one per CPU core
  /// true: the core has a thread of its own; false: it shares that of shard 0
  bool core_thread = false;
  int unsent_bytes = 128 * 1024;  ///< TCP_NOTSENT_LOWAT: bytes that the kernel may keep unsent
};

}  // namespace signaller::net
