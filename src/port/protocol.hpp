// A protocol, as the edge sees it: inputs come in, effects go out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "port/effects.hpp"
#include "port/http.hpp"
#include "port/ids.hpp"
#include "port/metrics.hpp"
#include "port/store.hpp"
#include "port/time.hpp"

namespace signaller::port {

/// A connection whose handshake has succeeded.
struct Opened {
  ConnectionId connection;
  std::string address;           ///< the client's, without port
  std::string path;              ///< of the request, without query
  std::string query;             ///< without `?`
  bool proxy = false;            ///< of a trusted proxy itself: address bans do not apply
  std::uint16_t port = 0;        ///< the client's; 0: not known (X-Forwarded-For has none)
  std::uint16_t local_port = 0;  ///< the listener's
  std::string endpoint{};        ///< the `path` that the Endpoint declares, wherever it is mapped
  std::string parameter{};       ///< of the path, percent-decoded UTF-8 without control characters
};

/// Why a connection ended. 1006: without a close frame (RFC 6455 §7.1.5).
struct Closed {
  ConnectionId connection;
  std::uint16_t code = 1006;
  bool by_server = false;  ///< the server sent the first close frame, or cut the connection
  bool opened = true;      ///< false: an on_upgrade was asked, and on_open has not come
};

struct Verified {
  std::uint64_t token = 0;
  bool ok = false;
  bool busy = false;  ///< not checked: the queue was full
};

/// One thing that the edge has counted, or that a reload could not apply: what it is about
/// (`store`, `net`, a key of the configuration), its name and its value.
struct Stat {
  std::string what;
  std::string name;
  std::string value;
};

/// The answer to a Query. `ok` false: the reload failed and changed nothing; the stats say why.
struct QueryResult {
  std::uint64_t token = 0;
  bool ok = true;
  std::vector<Stat> stats;
};

/// An endpoint of a protocol, served under its own path unless a listener maps it elsewhere.
///
/// A path may end with a parameter: `/ws/{name}` takes exactly one segment, `/files/{name...}` the
/// rest of the path. A name may have several endpoints, each with a path of its own: then a
/// listener maps the name to a prefix of all these paths.
struct Endpoint {
  std::string_view name;         ///< "slash", "mesh/signal": what `paths` in server.conf says
  std::string_view path;         ///< default path
  std::string_view subprotocol;  ///< the one that is answered if asked for; empty: none
  bool http = false;             ///< requests without upgrade come as on_http
  bool websocket = true;         ///< false: HTTP only
  bool binary = false;           ///< binary messages come as on_binary; else they are 1003
  std::string_view frame_key{};  ///< the configuration key that bounds a message, for 1009
  /// The methods that come as on_http, as an Allow header lists them. HEAD comes with GET. The edge
  /// answers OPTIONS itself unless it stands here.
  std::string_view methods = "GET, HEAD";
  std::size_t body_limit = 0;    ///< of a request, in bytes (413 above); 0: `net.body_bytes`
  std::string_view body_key{};   ///< the configuration key of `body_limit`, for 413
  bool decides_upgrade = false;  ///< on_upgrade comes before 101 is sent
};

/// A protocol that the process serves. Virtual, because the configuration selects the protocols.
/// All calls come from the core's thread and return effects. No call throws.
/// A protocol overrides the calls that it needs: the default of each one does nothing.
class Protocol {
 public:
  Protocol() = default;
  Protocol(const Protocol&) = delete;
  Protocol& operator=(const Protocol&) = delete;
  virtual ~Protocol() = default;

  [[nodiscard]] virtual std::vector<Endpoint> endpoints() const = 0;
  /// The largest message that a new connection may send, in bytes, until a FrameLimit effect.
  /// 0 suits protocols without WebSocket endpoints: every message is too long.
  [[nodiscard]] virtual std::size_t first_frame_limit() const { return 0; }

  /// A WebSocket handshake at an endpoint with `decides_upgrade`. The answer is an AcceptUpgrade
  /// or, to refuse, a Respond; it may come later, within `net.handshake_timeout`. If the client
  /// leaves or the time is over before on_open, an on_close with `opened` false comes instead (also
  /// if the protocol has refused meanwhile).
  virtual Effects on_upgrade(const UpgradeRequest& request, Instant /*now*/) {
    return Effect(AcceptUpgrade{request.connection, {}});
  }
  virtual Effects on_open(const Opened& /*opened*/, Instant /*now*/) { return {}; }
  /// One whole text message, valid UTF-8, at most as long as the connection's frame limit.
  virtual Effects on_text(ConnectionId /*from*/, std::string_view /*text*/, Instant /*now*/) {
    return {};
  }
  /// As on_text, but a binary message: any bytes. Only where the endpoint takes them.
  virtual Effects on_binary(ConnectionId /*from*/, std::string_view /*bytes*/, Instant /*now*/) {
    return {};
  }
  /// The client has gone and reads nothing more. Its earlier messages may still come, and then
  /// on_close. Called at least once before an on_close that is not `by_server`.
  virtual Effects on_gone(ConnectionId /*who*/, Instant /*now*/) { return {}; }
  /// Comes exactly once for each on_open; the id means nothing afterwards. See also on_upgrade.
  virtual Effects on_close(const Closed& /*closed*/, Instant /*now*/) { return {}; }
  /// A request to an endpoint with `http`. By default the client learns that nothing serves it.
  virtual Effects on_http(const HttpRequest& request, Instant /*now*/) {
    constexpr int NotImplemented = 501;
    return Effect(Respond{request.connection, NotImplemented, "text/plain; charset=utf-8",
                          "This path answers no HTTP requests\n"});
  }
  /// The time of a Wake effect has come.
  virtual Effects on_tick(Instant /*now*/) { return {}; }
  /// A Send with `more` has been written.
  virtual Effects on_drain(ConnectionId /*who*/, Instant /*now*/) { return {}; }
  /// The stored state, before the first client connects. Each protocol takes its own records out of
  /// `snapshot`, and adds a text for the log to `problems` for each record that it cannot use.
  virtual Effects on_restored(Snapshot& /*snapshot*/, std::vector<std::string>& /*problems*/,
                              Instant /*now*/) {
    return {};
  }
  /// The state of the store has changed, without a request of the protocol.
  virtual Effects on_store(const StoreEvent& /*event*/, Instant /*now*/) { return {}; }
  /// The store has confirmed the first batch of this process. Clients are accepted afterwards.
  [[nodiscard]] virtual bool has_begun() const { return true; }
  /// All changes are stored, or the store has been given up.
  [[nodiscard]] virtual bool is_saved() const { return true; }
  virtual Effects on_stored(const Stored& /*stored*/, Instant /*now*/) { return {}; }
  virtual Effects on_verified(Verified /*verified*/, Instant /*now*/) { return {}; }
  virtual Effects on_query_result(const QueryResult& /*answer*/, Instant /*now*/) { return {}; }
  /// The core's turn ends: the protocol may now send the changes of the turn to the store, in one
  /// batch.
  virtual Effects on_turn_end(Instant /*now*/) { return {}; }
  /// The server shuts down. Returns the last lines for the clients; then the edge closes all
  /// connections with 1001.
  virtual Effects on_shutdown(Instant /*now*/) { return {}; }
  /// The protocol's counters.
  [[nodiscard]] virtual Metrics metrics(Instant /*now*/) const { return {}; }
};

}  // namespace signaller::port
