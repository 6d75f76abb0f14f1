// HTTP requests of a connection, one after the other, and their answers.
#include <algorithm>
#include <utility>

#include "net/shard/shard.hpp"

namespace signaller::net {
namespace {

/// Added to the bytes of each request, for net.read_rate.
constexpr std::size_t PerRequest = 256;
/// Memory that a kept connection holds between two requests.
constexpr std::size_t IdleBytes = 512;
/// Memory that a request holds in addition to its own bytes.
constexpr std::size_t RequestBytes = 2UL * 1024;
constexpr std::chrono::seconds KeepAlive{KeepAliveSeconds};
constexpr std::string_view ContinueLine = "HTTP/1.1 100 Continue\r\n\r\n";
/// The answer to `OPTIONS *` (RFC 9110 §9.3.7): methods that some endpoint may have.
constexpr const char* AllMethods = "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n";
constexpr LineOptions RawLine{Opcode::Text, port::FrameClass::Chat, 0, true};

}  // namespace

/// Called when the first bytes of a request, or of empty lines before it, have arrived.
void Shard::begin_request(Connection& connection) {
  Arrival& arrival = *connection.arrival;
  arrival.reader.emplace(RequestReader::Limits{tuning_.head_bytes, tuning_.body_bytes},
                         [routes = connection.routes, most = tuning_.body_bytes](
                             std::string_view path) { return routes->body_limit(path, most); });
  if (arrival.kept) arrival.base = RequestBytes;
}

/// Updates the shard's sum of the memory of requests. Called whenever the memory of this
/// connection's request may have changed.
void Shard::count_request(Connection& connection) {
  if (!connection.arrival) return;
  Arrival& arrival = *connection.arrival;
  const std::size_t read = arrival.reader ? arrival.reader->held() : 0;
  const std::size_t unread = connection.unread ? connection.unread->capacity() : 0;
  arrival.take(arrival.base + read + arrival.lent + unread);
}

/// Frees the request of a connection that ends, and subtracts its memory from the shard's sum.
void Shard::release_request(Connection& connection) {
  connection.unread.reset();
  if (!connection.arrival) return;
  connection.arrival->reader.reset();
  connection.arrival->base = connection.arrival->lent = 0;
  count_request(connection);
}

bool Shard::feed_request(Connection& connection, char* bytes, std::size_t size) {
  if (!connection.arrival->reader) begin_request(connection);
  RequestReader& reader = *connection.arrival->reader;
  const bool idle = connection.arrival->kept && !reader.begun();
  std::size_t used = 0;
  const auto progress = reader.feed({bytes, size}, used);
  count_read(connection, used + (progress == RequestReader::Progress::NeedsMore ? 0 : PerRequest));
  if (idle && reader.begun()) expect_request(handshakes_, tuning_.handshake_timeout, connection);
  count_request(connection);
  make_room(&connection);
  if (connection.stage != Stage::Request) return true;  // make_room() has ended the connection
  switch (progress) {
    case RequestReader::Progress::NeedsMore:
      if (reader.take_expect_continue()) fanout_.send(connection, ContinueLine, RawLine);
      return true;
    case RequestReader::Progress::Failed:
      answer(connection, {reader.status(), PlainText, reader.error() + "\n", {}});
      return true;
    case RequestReader::Progress::Ready:
      on_request(connection, reader.request());
      return used == size || feed(connection, bytes + used, size - used);
  }
  return false;
}

void Shard::on_request(Connection& connection, const Request& request) {
  Arrival& arrival = *connection.arrival;
  ++arrival.number;
  arrival.head_only = request.method == "HEAD";
  identify(connection, request);
  if (arrival.refusal && !request.upgrade) return answer(connection, arrival.refusal);
  if (request.path == "*") return answer(connection, {200, PlainText, {}, AllMethods}, true);
  const RouteMatch match = connection.routes->find(request.path);
  connection.route = match.route;
  if (match.route != nullptr) {
    std::string problem;
    auto parameter = decode_parameter(match.route->pattern, match.parameter, problem);
    if (!parameter) return answer(connection, {400, PlainText, problem + "\n", {}});
    arrival.parameter = std::move(*parameter);
  } else if (!connection.routes->is_health(request.path)) {
    return answer(connection, {404, PlainText, connection.routes->describe(), {}});
  }
  serve(connection, request);
}

/// Serves a request to a known path. The edge closes the connection after its own errors and health
/// reports: health checks are rare, and a scanner must not keep a connection.
void Shard::serve(Connection& connection, const Request& request) {
  static const port::Endpoint plain{};
  const Route* const route = connection.route;
  const port::Endpoint& endpoint = route == nullptr ? plain : route->endpoint;
  const std::string_view methods = endpoint.http ? endpoint.methods : plain.methods;
  const std::string allow = "Allow: " + (route == nullptr ? "GET, HEAD" : allow_of(endpoint));
  const bool handshake = request.upgrade && endpoint.websocket && request.method == "GET";
  if (!handshake && !allows_method(methods, request.method)) {
    if (endpoint.http && request.method == "OPTIONS") {
      return answer(connection, {204, PlainText, {}, allow + "\r\n"}, true);
    }
    if (!is_known_method(request.method)) {
      return answer(connection, {501, PlainText, "the method is unknown\n", allow + "\r\n"});
    }
    const std::string served = allow.substr(allow.find(' ') + 1);
    return answer(connection,
                  {405, PlainText, request.method + " is not supported here, only " + served + "\n",
                   allow + "\r\n"});
  }
  if (route == nullptr) return answer(connection, health_of(request.path));
  if (shared_.leaving) {
    return answer(connection, unavailable(ShuttingDown));
  }
  connection.protocol = static_cast<std::uint8_t>(route->protocol);
  request.upgrade ? on_upgrade(connection, request) : on_http(connection, request);
}

HttpResponse Shard::health_of(const std::string& path) const {
  if (path == "/livez") return {200, PlainText, "alive\n", {}};
  if (shared_.degraded) {
    const std::lock_guard lock(shared_.store_mutex);
    return {503,
            PlainText,
            (shared_.ready ? "degraded: the store is unavailable: "
                           : "loading, or shutting down; the store: ") +
                shared_.store_problem + "\n",
            {}};
  }
  if (!shared_.ready) return {503, PlainText, "loading, or shutting down\n", {}};
  if (shared_.memory_full) return {503, PlainText, "memory is above net.memory\n", {}};
  const char* const store = shared_.durable ? "durable" : "memory: nothing survives a restart";
  return {200, PlainText, std::string("ready; store: ") + store + "\n", {}};
}

void Shard::on_http(Connection& connection, const Request& request) {
  if (!connection.route->endpoint.http) {
    return answer(connection,
                  {426, PlainText, "This path supports only the WebSocket protocol\n", {}});
  }
  connection.stage = Stage::Answering;
  auto asked = std::make_unique<port::HttpRequest>();
  fill(*asked, connection, request);
  Arrival& arrival = *connection.arrival;
  asked->body = arrival.reader->take_body();
  arrival.lent = asked->body.capacity() + arrival.reader->held();
  count_request(connection);
  tell(connection).value = std::move(asked);
}

/// Sends the protocol's answer to a request, or its refusal of a handshake. The connection is
/// closed after a refused handshake: a proxy that takes the handshake for accepted would forward
/// the client's next bytes unchecked, as WebSocket data. An answer to an earlier request of the
/// connection is dropped.
void Shard::respond(Connection& connection, const port::Respond& effect) {
  const bool is_request = connection.stage == Stage::Answering;
  const bool waits = is_request || connection.stage == Stage::Deciding;
  if (!waits || effect.to.number != connection.arrival->number) {
    // In the stage Finishing a late answer is no error of the protocol: the client may have gone.
    if (connection.stage != Stage::Finishing) ++stale_answers_;
    return;
  }
  drop_hold(connection);
  connection.announced = false;
  connection.arrival->lent = 0;
  count_request(connection);
  answer(connection, {effect.status, effect.content_type, effect.body, {}, effect.headers},
         is_request);
}

/// Holds a connection if the protocol can still answer its messages, its request or its handshake.
/// In any other stage no Release may follow, so the core is told that the connection is not held.
void Shard::hold(port::ConnectionId who) {
  Connection* const connection = find(who);
  const bool can = connection != nullptr &&
                   (connection->stage == Stage::Open || connection->stage == Stage::Answering ||
                    connection->stage == Stage::Deciding);
  if (can) {
    connection->held = true;
  } else {
    inputs_.emplace_back().value = UnheldInput{who};
  }
}

/// Ends the hold of a connection whose request has been answered, or whose client has gone.
void Shard::drop_hold(Connection& connection) {
  if (!std::exchange(connection.held, false)) return;
  tell(connection).value = UnheldInput{id_of(connection)};
}

/// @param keep  whether the connection may stay open for another request
void Shard::answer(Connection& connection, HttpResponse reply, bool keep) {
  constexpr int FirstError = 400;
  if (reply.status >= FirstError) ++refused_;
  answers_.add(static_cast<std::uint16_t>(reply.status));
  show_codes();
  const bool head_only = connection.arrival && connection.arrival->head_only;
  reply.keep_alive = keep && may_keep(connection);
  reply.unix_s = CoreThread::now().unix_ms / 1'000;
  fanout_.send_last(connection, http_response(reply, head_only), RawLine);
  if (!reply.keep_alive) return finish(connection);
  connection.stage = Stage::Replying;
  connection.tell_drained = true;
  expect_request(handshakes_, tuning_.handshake_timeout, connection);
}

/// Whether connections without a request should be closed, because connections or memory are short.
bool Shard::is_short_of_connections() const {
  const std::size_t most = std::min(tuning_.connections, shared_.possible_connections);
  return shared_.memory_full || shared_.connections >= most - most / 10;
}

bool Shard::may_keep(const Connection& connection) const {
  const auto& arrival = connection.arrival;
  return arrival && arrival->reader && arrival->reader->request().keep_alive && !arrival->refusal &&
         !closing_all_ && !shared_.leaving && !is_short_of_connections();
}

/// Called when an answer has been written: prepares the connection for the next request. The client
/// is then determined again, because a proxy's connection carries requests of many clients.
void Shard::next_request(Connection& connection) {
  if (closing_all_ || (connection.ended && !connection.unread)) return finish(connection);
  Arrival& arrival = *connection.arrival;
  connection.closed = false;
  connection.stage = Stage::Request;
  arrival.reader.reset();
  arrival.head_only = false;
  arrival.kept = true;
  connection.route = nullptr;
  arrival.base = IdleBytes;
  count_request(connection);
  if (arrival.peer.is_proxy) connection.connection_slot = {};
  expect_request(idle_, KeepAlive, connection);
  read_on(connection);
  const bool nothing_follows = connection.ended && !connection.unread;
  if (nothing_follows && connection.stage == Stage::Request) finish(connection);
}

void Shard::end_idle() {
  for (const Deadline& entry : std::exchange(idle_.list, {})) {
    Connection* idle = find(entry.who);
    if (idle == nullptr || !idle->arrival || idle->arrival->due != entry.at) continue;
    release_request(*idle);
    lose(*idle);
  }
}

}  // namespace signaller::net
