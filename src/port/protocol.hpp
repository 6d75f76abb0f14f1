// A protocol, as the edge sees it: inputs come in, effects go out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "port/effects.hpp"
#include "port/ids.hpp"
#include "port/metrics.hpp"
#include "port/store.hpp"
#include "port/time.hpp"

namespace signaller::port {

/// A connection whose handshake has succeeded.
struct Opened {
  ConnectionId connection;
  std::string address;  ///< the client's, without port
  std::string path;     ///< of the request, without query
  std::string query;    ///< without `?`
  bool proxy = false;   ///< it is a trusted proxy's own: no ban of addresses concerns it
};

/// Why a connection ended. 1006: without a close frame (RFC 6455 §7.1.5).
struct Closed {
  ConnectionId connection;
  std::uint16_t code = 1006;
  bool by_server = false;  ///< the server sent the first close frame, or cut the connection
};

/// A plain HTTP request to one of the protocol's paths; answered by a Respond to `connection`.
struct HttpRequest {
  ConnectionId connection;
  std::string method;
  std::string path;
  std::string query;
  std::string host;  ///< the Host header
  std::string body;
  bool secure = false;
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

/// The answer to an Ask. `ok` false: the reload failed, and nothing was changed; the facts say why.
struct QueryResult {
  std::uint64_t token = 0;
  bool ok = true;
  std::vector<Stat> stats;
};

/// What a protocol serves, on a path of its own choosing unless a listener maps it elsewhere.
struct Endpoint {
  std::string_view name;         ///< "slash", "mesh/signal": what `paths` in server.conf says
  std::string_view path;         ///< default path
  std::string_view subprotocol;  ///< the one that is answered if asked for; empty: none
  bool http = false;             ///< GET and HEAD without upgrade come as on_http
  bool websocket = true;         ///< false: HTTP only
  bool binary = false;           ///< binary messages come as on_binary; else they are 1003
  std::string_view frame_key{};  ///< what bounds a message, for who is told: a configuration key
};

/// One of the protocols that the process serves. Virtual because which ones is configuration.
/// All calls come from the core's thread; each returns what must happen. No call throws.
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

  virtual Effects on_open(const Opened& /*opened*/, Instant /*now*/) { return {}; }
  /// One whole text message, valid UTF-8, at most as long as the connection's frame limit.
  virtual Effects on_text(ConnectionId /*from*/, std::string_view /*text*/, Instant /*now*/) {
    return {};
  }
  /// As on_text, but a binary message: any bytes. Only where the endpoint takes them.
  virtual Effects on_binary(ConnectionId /*from*/, std::string_view /*bytes*/, Instant /*now*/) {
    return {};
  }
  /// The client has gone, and reads nothing more; what it had said before may still come, and then
  /// on_close. Comes at least once before an on_close that is not `by_server`.
  virtual Effects on_gone(ConnectionId /*who*/, Instant /*now*/) { return {}; }
  /// Comes exactly once for each on_open; the id means nothing afterwards.
  virtual Effects on_close(const Closed& /*closed*/, Instant /*now*/) { return {}; }
  /// A request to an endpoint with `http`. By default the client learns that nothing serves it.
  virtual Effects on_http(const HttpRequest& request, Instant /*now*/) {
    constexpr int NotImplemented = 501;
    return Effect(Respond{request.connection, NotImplemented, "text/plain; charset=utf-8",
                          "This path answers no HTTP requests\n"});
  }
  /// After a Wake.
  virtual Effects on_tick(Instant /*now*/) { return {}; }
  /// A Send with `more` has been written.
  virtual Effects on_drain(ConnectionId /*who*/, Instant /*now*/) { return {}; }
  /// What was stored, before anybody comes: whoever it belongs to takes it out. What of it cannot
  /// be is said in words fit for a log.
  virtual Effects on_restored(Snapshot& /*snapshot*/, std::vector<std::string>& /*problems*/,
                              Instant /*now*/) {
    return {};
  }
  /// The store says something by itself.
  virtual Effects on_store(const StoreEvent& /*event*/, Instant /*now*/) { return {}; }
  /// The store knows that this process has begun: it has taken a batch of it. Clients come then.
  [[nodiscard]] virtual bool has_begun() const { return true; }
  /// Nothing is left to be stored, or nothing ever will be.
  [[nodiscard]] virtual bool is_saved() const { return true; }
  virtual Effects on_stored(Stored /*stored*/, Instant /*now*/) { return {}; }
  virtual Effects on_verified(Verified /*verified*/, Instant /*now*/) { return {}; }
  virtual Effects on_query_result(const QueryResult& /*answer*/, Instant /*now*/) { return {}; }
  /// The core's turn ends: what it made dirty may go to the store now, in one batch.
  virtual Effects on_turn_end(Instant /*now*/) { return {}; }
  /// The server is going away: what must still be said. The edge then closes everybody with 1001.
  virtual Effects on_shutdown(Instant /*now*/) { return {}; }
  /// What it has counted.
  [[nodiscard]] virtual Metrics metrics(Instant /*now*/) const { return {}; }
};

}  // namespace signaller::port
