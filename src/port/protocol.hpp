// The interfaces between the core and the edge live in this folder: protocols, stores, effects,
// records, ids, and small values that both sides use. No I/O belongs here, and nothing of one
// protocol alone. Protocols and stores are called on the core's thread; values cross threads.
// This header is the interface of a protocol to the edge: inputs come in, effects go out.
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
  std::string address;     ///< IP address of the client, without port
  std::string path;        ///< path of the request, without the query
  std::string query;       ///< query without `?`
  bool proxy = false;      ///< a connection of a trusted proxy itself: address bans do not apply
  std::uint16_t port = 0;  ///< port of the client; 0: unknown (X-Forwarded-For has no port)
  std::uint16_t local_port = 0;  ///< port of the listener
  /// Endpoint::path of the endpoint, also if the listener serves it under another path.
  std::string endpoint{};
  std::string
      parameter{};  ///< parameter of the path: percent-decoded UTF-8 without control characters
};

/// Why a connection ended. Code 1006: it ended without a close frame (RFC 6455 §7.1.5).
struct Closed {
  ConnectionId connection;
  std::uint16_t code = 1006;
  bool by_server = false;  ///< the server sent the first close frame, or cut the connection
  bool opened = true;      ///< false: on_upgrade was called, but on_open was not
};

struct Verified {
  std::uint64_t token = 0;
  bool ok = false;
  bool busy = false;  ///< true: not checked, because the queue was full
};

/// A value that the edge has counted, or a key that a reload could not apply. `what` is the
/// subject: `store`, `net`, or a key of the configuration.
struct Stat {
  std::string what;
  std::string name;
  std::string value;
};

/// The answer to a Query. `ok` false: the reload failed and changed nothing, and `stats` says why.
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
  std::string_view name;  ///< name in `paths` of server.conf, such as "slash" or "mesh/signal"
  std::string_view path;  ///< default path
  std::string_view subprotocol;  ///< the subprotocol that the server accepts if the client offers
                                 ///< it; empty: none
  bool http = false;             ///< requests without upgrade are passed to on_http
  bool websocket = true;         ///< false: HTTP only
  /// true: on_binary gets binary messages; false: a binary message closes the connection with 1003
  bool binary = false;
  std::string_view
      frame_key{};  ///< the configuration key that bounds a message, named in the 1009 close reason
  /// The methods that are passed to on_http, as an Allow header lists them. HEAD is allowed with
  /// GET. The edge answers OPTIONS itself unless this list contains it.
  std::string_view methods = "GET, HEAD";
  std::size_t body_limit =
      0;  ///< maximum size of a request body, in bytes (413 above); 0: `net.body_bytes`
  std::string_view
      body_key{};  ///< the configuration key of `body_limit`, named in the 413 response
  bool decides_upgrade = false;  ///< on_upgrade is called before 101 is sent
};

/// A protocol that the process serves. Virtual, because the configuration selects the protocols.
/// All calls come from the core's thread and return effects. No call should throw. If a call
/// throws, only the effects of this call are lost: the edge logs the exception, answers a request
/// with 500, and closes a connection with 1011 after on_open. A protocol overrides the calls that
/// it needs: the default of each call does nothing.
class Protocol {
 public:
  Protocol() = default;
  Protocol(const Protocol&) = delete;
  Protocol& operator=(const Protocol&) = delete;
  virtual ~Protocol() = default;

  [[nodiscard]] virtual std::vector<Endpoint> endpoints() const = 0;
  /// The largest message that a new connection may send, in bytes, until a FrameLimit effect. A
  /// protocol with WebSocket endpoints must not return 0: every message would be too long, so
  /// net::Server throws.
  [[nodiscard]] virtual std::size_t first_frame_limit() const { return 0; }

  /// A WebSocket handshake at an endpoint with `decides_upgrade`. The answer is an AcceptUpgrade
  /// or, to refuse, a Respond; it may come later, within `net.handshake_timeout`. If the client
  /// leaves or the time ends before on_open, on_close is called with `opened` false instead (even
  /// if the protocol has refused meanwhile).
  virtual Effects on_upgrade(const UpgradeRequest& request, Instant /*now*/) {
    return Effect(AcceptUpgrade{request.connection, {}});
  }
  virtual Effects on_open(const Opened& /*opened*/, Instant /*now*/) { return {}; }
  /// One whole text message, valid UTF-8, at most as long as the connection's frame limit.
  virtual Effects on_text(ConnectionId /*from*/, std::string_view /*text*/, Instant /*now*/) {
    return {};
  }
  /// As on_text, for a binary message: any bytes. Called only for endpoints with `binary`.
  virtual Effects on_binary(ConnectionId /*from*/, std::string_view /*bytes*/, Instant /*now*/) {
    return {};
  }
  /// The client has disconnected and reads nothing more. Its earlier messages may still be passed,
  /// and on_close follows. Called at least once before an on_close without `by_server`.
  virtual Effects on_gone(ConnectionId /*who*/, Instant /*now*/) { return {}; }
  /// Called exactly once for each on_open; the id is invalid afterwards. See also on_upgrade.
  virtual Effects on_close(const Closed& /*closed*/, Instant /*now*/) { return {}; }
  /// A request to an endpoint with `http`. By default the answer says that this path serves no
  /// HTTP.
  virtual Effects on_http(const HttpRequest& request, Instant /*now*/) {
    constexpr int NotImplemented = 501;
    return Effect(Respond{request.id(), NotImplemented, "text/plain; charset=utf-8",
                          "This path answers no HTTP requests\n"});
  }
  /// The time of a Wake effect has been reached.
  virtual Effects on_tick(Instant /*now*/) { return {}; }
  /// A Send with `more` has been written.
  virtual Effects on_drain(ConnectionId /*who*/, Instant /*now*/) { return {}; }
  /// Passes the stored state, before the first client connects. Each protocol takes its own records
  /// out of `snapshot`, and adds a log text to `problems` for each record that it cannot use.
  virtual Effects on_restored(Snapshot& /*snapshot*/, std::vector<std::string>& /*problems*/,
                              Instant /*now*/) {
    return {};
  }
  /// The state of the store has changed by itself, not because of a request of the protocol.
  virtual Effects on_store(const StoreEvent& /*event*/, Instant /*now*/) { return {}; }
  /// Whether the store has confirmed the first batch of this process. The server accepts clients
  /// only afterwards.
  [[nodiscard]] virtual bool has_begun() const { return true; }
  /// Whether all changes are stored, or the protocol has given the store up.
  [[nodiscard]] virtual bool is_saved() const { return true; }
  virtual Effects on_stored(const Stored& /*stored*/, Instant /*now*/) { return {}; }
  virtual Effects on_verified(Verified /*verified*/, Instant /*now*/) { return {}; }
  virtual Effects on_query_result(const QueryResult& /*answer*/, Instant /*now*/) { return {}; }
  /// The end of a turn of the core: the protocol may now send the changes of the turn to the store,
  /// in one batch.
  virtual Effects on_turn_end(Instant /*now*/) { return {}; }
  /// The server shuts down. Returns the last lines for the clients; then the edge closes all
  /// connections with 1001.
  virtual Effects on_shutdown(Instant /*now*/) { return {}; }
  /// The protocol's counters.
  [[nodiscard]] virtual Metrics metrics(Instant /*now*/) const { return {}; }
};

}  // namespace signaller::port
