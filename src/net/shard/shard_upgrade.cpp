// Turns an HTTP connection into a WebSocket connection.
#include <algorithm>
#include <utility>

#include "net/shard/shard.hpp"

namespace signaller::net {

void Shard::fill(port::HttpRequest& out, const Connection& connection,
                 const Request& request) const {
  const Arrival& arrival = *connection.arrival;
  const Scheme scheme = scheme_of(connection, request);
  out.connection = id_of(connection);
  out.number = arrival.number;
  out.method = request.method;
  out.path = request.path;
  out.query = request.query;
  out.host = request.host;
  out.secure = scheme == Scheme::Https;
  out.address = arrival.client.range.text();
  out.port = arrival.client.port;
  out.local_port = connection.routes->port;
  out.endpoint = connection.route->endpoint.path;
  out.parameter = arrival.parameter;
  out.origin = request.origin;
  out.origin_allowed = !request.origin || origins_.allows(*request.origin, request.host, scheme);
  out.content_type = request.content_type;
  out.headers = arrival.reader->headers();
}

void Shard::on_upgrade(Connection& connection, const Request& request) {
  const port::Endpoint& endpoint = connection.route->endpoint;
  if (!endpoint.websocket) {
    return answer(connection,
                  {400, PlainText, "This path does not support WebSocket: send a plain GET\n", {}});
  }
  if (!request.version_13) {
    return answer(connection,
                  {426, PlainText, "Only version 13 of the WebSocket protocol is supported\n",
                   "Sec-WebSocket-Version: 13\r\n"});
  }
  if (!request.key_valid || request.method != "GET") {
    return answer(connection, {400,
                               PlainText,
                               "A WebSocket handshake must be a GET with a Sec-WebSocket-Key of 16 "
                               "bytes in base64\n",
                               {}});
  }
  if (request.origin &&
      !origins_.allows(*request.origin, request.host, scheme_of(connection, request))) {
    return answer(connection, {403, PlainText, origin_refusal(*request.origin) + "\n", {}});
  }
  if (!endpoint.decides_upgrade || connection.arrival->refusal) return upgrade(connection, {});
  connection.stage = Stage::Deciding;
  connection.announced = true;
  auto asked = std::make_unique<port::UpgradeRequest>();
  fill(*asked, connection, request);
  connection.arrival->lent = connection.arrival->reader->held();
  count_request(connection);
  tell(connection).value = std::move(asked);
}

/// Refuses a handshake whose client did not wait for the response (RFC 6455 §4.1). The bytes after
/// the handshake could be frames or a request: that depends on the response.
void Shard::refuse_early_bytes(Connection& connection) {
  announce_end(connection, 1006, true);
  answer(connection, {400,
                      PlainText,
                      "A client must wait for the response to its handshake before it sends more\n",
                      {}});
}

void Shard::accept_upgrade(const port::AcceptUpgrade& effect) {
  Connection* who = find(effect.who);
  if (who != nullptr && who->stage == Stage::Deciding) upgrade(*who, effect.headers);
}

/// Sends 101. The handshake need not be the first request of the connection: no state of earlier
/// requests is left.
void Shard::upgrade(Connection& connection, const port::ResponseHeaders& headers) {
  const Route& route = *connection.route;
  const Request& request = connection.arrival->reader->request();
  const auto& asked = request.subprotocols;
  const std::string ours(route.endpoint.subprotocol);
  const bool chosen = !ours.empty() && std::find(asked.begin(), asked.end(), ours) != asked.end();
  fanout_.send(
      connection,
      connection.arrival->reader->accept(chosen ? ours : std::string(), header_lines(headers)),
      {Opcode::Text, port::FrameClass::Chat, 0, true});
  connection.stage = Stage::Open;
  connection.takes_binary = route.endpoint.binary;
  connection.frames = std::make_unique<FrameReader>(route.first_frame_limit);
  open(connection, request);
}

/// Passes the new connection to the protocol, or closes it if it was refused.
void Shard::open(Connection& connection, const Request& request) {
  // Keeps `request` alive, which is a part of the arrival.
  const auto arrival = std::move(connection.arrival);
  if (arrival->refusal) {
    const std::uint16_t code = close_code_of(arrival->refusal);
    ++refused_;
    closes_.add(code);
    show_codes();
    return begin_close(connection, code, arrival->refusal.text);
  }
  connection.announced = true;
  auto opened = std::make_unique<port::Opened>();
  opened->connection = id_of(connection);
  opened->address = arrival->client.range.text();
  opened->path = request.path;
  opened->query = request.query;
  opened->proxy = arrival->client.is_proxy;
  opened->port = arrival->client.port;
  opened->local_port = connection.routes->port;
  opened->endpoint = connection.route->endpoint.path;
  opened->parameter = std::move(arrival->parameter);
  tell(connection).value = std::move(opened);
}

}  // namespace signaller::net
