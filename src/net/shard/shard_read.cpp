// Bytes in: the request, then messages.
#include <algorithm>
#include <utility>

#include "net/shard/shard.hpp"

namespace signaller::net {
namespace {

constexpr int ReadsInOneTurn = 4;
/// What one connection may have said that a core on another thread has not heard yet, in bytes:
/// a core that is behind slows its clients down instead of collecting what they say.
constexpr std::size_t MaxUnconfirmedBytes = 32UL * 1024;
/// What a message is counted for beside its bytes.
constexpr std::size_t PerMessage = 256;

}  // namespace

void Shard::arm_read(Connection& connection) {
  if (connection.reading || connection.ended) return;
  connection.reading = true;
  connection.socket.async_wait(asio::ip::tcp::socket::wait_read,
                               [this, id = id_of(connection)](const std::error_code& error) {
                                 if (!error) on_readable(id);
                               });
}

void Shard::on_readable(port::ConnectionId id) {
  Connection* connection = find(id);
  if (connection == nullptr) return;
  connection->reading = false;
  if (connection->stage == Stage::Proxy && !read_proxy_header(*connection)) return;
  if (connection->stage == Stage::Securing && !secure(*connection)) return;
  for (int i = 0; i < ReadsInOneTurn; ++i) {
    if (!read_some(*connection)) break;
  }
  if (!connection->unread && !connection->waits()) arm_read(*connection);
  if (connection->stage == Stage::Finishing || connection->stage == Stage::Closing) {
    arm_read(*connection);
  }
}

bool Shard::read_some(Connection& connection) {
  const std::ptrdiff_t size = receive(connection);
  if (size == NothingNow) return false;
  if (size < 0) {
    connection.ended = true;
    lose(connection);
    return false;
  }
  if (size == 0) {
    connection.ended = true;
    on_end_of_input(connection);
    return false;
  }
  const auto count = static_cast<std::size_t>(size);
  connection.heard = beat_;
  bytes_read_ += count;
  const bool may_be_more = connection.tls || count == received_.size();
  return feed(connection, received_.data(), count) && may_be_more;
}

/// The client sends no more. An answer that is under way is still written.
void Shard::on_end_of_input(Connection& connection) {
  const bool answering = connection.stage == Stage::Answering ||
                         (connection.stage == Stage::Finishing && !connection.shut);
  if (!answering) lose(connection);
}

bool Shard::feed(Connection& connection, char* bytes, std::size_t size) {
  switch (connection.stage) {
    case Stage::Proxy:  // these have none to feed
    case Stage::Securing:
      break;
    case Stage::Request:
      return feed_request(connection, bytes, size);
    case Stage::Open:
    case Stage::Closing:
      return feed_frames(connection, bytes, size);
    case Stage::Answering:
    case Stage::Finishing:
      return true;  // read to its end, so that closing sends no RST, and dropped
  }
  return false;
}

bool Shard::feed_request(Connection& connection, char* bytes, std::size_t size) {
  RequestReader& reader = connection.arrival->reader;
  connection.arrival->take(connection.arrival->bytes + size);
  make_room();
  if (connection.stage != Stage::Request) return true;  // it was the one to go
  std::size_t used = 0;
  switch (reader.feed({bytes, size}, used)) {
    case RequestReader::Progress::NeedsMore:
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
  connection.arrival->head_only = request.method == "HEAD";
  identify(connection, request);
  if (connection.arrival->refusal && !request.upgrade) {
    return answer(connection, connection.arrival->refusal);
  }
  const bool health =
      request.path == "/livez" || (connection.routes->operations && request.path == "/readyz");
  const Route* route = connection.routes->find(request.path);
  if (!health && route == nullptr) {
    return answer(connection, {404, PlainText, connection.routes->describe(), {}});
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return answer(connection,
                  {405, PlainText, request.method + " is not served here; GET and HEAD are\n",
                   "Allow: GET, HEAD\r\n"});
  }
  if (route == nullptr) return answer(connection, health_of(request.path));
  request.upgrade ? on_upgrade(connection, request, *route) : on_get(connection, request, *route);
}

HttpResponse Shard::health_of(const std::string& path) const {
  if (path == "/livez") return {200, PlainText, "alive\n", {}};
  if (shared_.degraded) {
    const std::lock_guard lock(shared_.store_mutex);
    return {503,
            PlainText,
            (shared_.ready ? "degraded: the store is away: "
                           : "loading, or shutting down; the store: ") +
                shared_.store_problem + "\n",
            {}};
  }
  if (!shared_.ready) return {503, PlainText, "loading, or shutting down\n", {}};
  if (shared_.memory_full) return {503, PlainText, "memory is above net.memory\n", {}};
  const char* const store = shared_.durable ? "durable" : "memory: nothing survives a restart";
  return {200, PlainText, std::string("ready; store: ") + store + "\n", {}};
}

void Shard::on_get(Connection& connection, const Request& request, const Route& route) {
  connection.protocol = static_cast<std::uint8_t>(route.protocol);
  if (!route.endpoint.http) {
    return answer(connection, {426, PlainText, "This path speaks the WebSocket protocol only\n",
                               "Upgrade: websocket\r\n"});
  }
  connection.stage = Stage::Answering;
  tell(connection).value = port::HttpRequest{id_of(connection),
                                             request.method,
                                             request.path,
                                             request.query,
                                             request.host,
                                             request.body,
                                             scheme_of(connection, request) == Scheme::Https};
}

void Shard::on_upgrade(Connection& connection, const Request& request, const Route& route) {
  if (!route.endpoint.websocket) {
    return answer(connection, {400, PlainText, "This path is not for WebSocket: a GET is\n", {}});
  }
  if (!request.version_13) {
    return answer(connection,
                  {426, PlainText, "Only version 13 of the WebSocket protocol is spoken here\n",
                   "Sec-WebSocket-Version: 13\r\n"});
  }
  if (!request.key_valid || request.method != "GET") {
    return answer(connection, {400,
                               PlainText,
                               "A WebSocket handshake is a GET with a Sec-WebSocket-Key of 16 "
                               "bytes in base64\n",
                               {}});
  }
  if (request.origin &&
      !origins_.allows(*request.origin, request.host, scheme_of(connection, request))) {
    return answer(connection, {403, PlainText, origin_refusal(*request.origin) + "\n", {}});
  }
  const auto& asked = request.subprotocols;
  const std::string ours(route.endpoint.subprotocol);
  const bool chosen = !ours.empty() && std::find(asked.begin(), asked.end(), ours) != asked.end();
  fanout_.send(connection, connection.arrival->reader.accept(chosen ? ours : std::string()),
               {Opcode::Text, port::FrameClass::Chat, 0, true});
  connection.protocol = static_cast<std::uint8_t>(route.protocol);
  connection.stage = Stage::Open;
  connection.takes_binary = route.endpoint.binary;
  connection.frames = std::make_unique<FrameReader>(route.first_frame_limit);
  open(connection, request);
}

/// The protocol hears of it, or it is closed because it may not come.
void Shard::open(Connection& connection, const Request& request) {
  const auto arrival = std::move(connection.arrival);  // `request` is a part of it
  if (arrival->refusal) {
    const std::uint16_t code = close_code_of(arrival->refusal);
    ++refused_;
    closes_.add(code);
    show_codes();
    return begin_close(connection, code, arrival->refusal.text);
  }
  connection.announced = true;
  tell(connection).value = port::Opened{id_of(connection), arrival->client.text(), request.path,
                                        request.query, arrival->speaks_for_others};
}

void Shard::answer(Connection& connection, const HttpResponse& reply) {
  constexpr int FirstError = 400;
  if (reply.status >= FirstError) ++refused_;
  answers_.add(static_cast<std::uint16_t>(reply.status));
  show_codes();
  const bool head_only = connection.arrival && connection.arrival->head_only;
  fanout_.send_last(connection, http_response(reply, head_only),
                    {Opcode::Text, port::FrameClass::Chat, 0, true});
  finish(connection);
}

std::string Shard::frame_problem(const Connection& connection) {
  constexpr std::uint16_t TooLarge = 1009;
  if (connection.frames->close_code() != TooLarge) return connection.frames->error();
  const Route* route = nullptr;
  for (const Route& one : connection.routes->list) {
    if (one.protocol == connection.protocol) route = &one;
  }
  const std::string key(route == nullptr ? "" : route->endpoint.frame_key);
  return "a message may have " + std::to_string(connection.frames->limit()) + " bytes" +
         (key.empty() ? "" : " (" + key + ")");
}

bool Shard::feed_frames(Connection& connection, char* bytes, std::size_t size) {
  const auto is_control = [](Opcode opcode) {
    return opcode == Opcode::Ping || opcode == Opcode::Pong || opcode == Opcode::Close;
  };
  Message message;
  bool fresh = false;
  while (size > 0 && connection.frames) {
    if (connection.stage == Stage::Finishing) return true;
    if (connection.ending) return false;
    if (connection.waits() && connection.stage == Stage::Open) {
      note_message(connection, fresh);
      connection.unread = std::make_unique<std::string>(bytes, size);
      return false;
    }
    std::size_t used = 0;
    const auto progress = connection.frames->next(bytes, size, used, message);
    if (progress == FrameReader::Progress::Failed) {
      refuse(connection, connection.frames->close_code(), frame_problem(connection));
      return !connection.ending;
    }
    bytes += used;
    size -= used;
    const bool whole = progress == FrameReader::Progress::Ready;
    count_read(connection, used + (whole ? PerMessage : 0));
    if (whole) on_message(connection, message);
    fresh = fresh || (whole && !is_control(message.opcode));  // which may stand within others
  }
  note_message(connection, fresh);
  return !connection.ending;
}

void Shard::on_message(Connection& connection, Message& message) {
  if (message.opcode == Opcode::Close) return on_close_frame(connection, message.payload);
  if (connection.stage != Stage::Open) return;
  switch (message.opcode) {
    case Opcode::Binary:
      if (!connection.takes_binary) {
        refuse(connection, 1003, "text frames only: this protocol has no binary messages");
        break;
      }
      [[fallthrough]];
    case Opcode::Text:
      pass_on(connection, message);
      break;
    case Opcode::Ping:
      fanout_.send(connection, message.payload,
                   {Opcode::Pong, port::FrameClass::Signal, ControlLane, false});
      break;
    case Opcode::Pong:
    case Opcode::Close:
      break;
  }
}

/// To the protocol.
void Shard::pass_on(Connection& connection, Message& message) {
  ++messages_read_;
  const bool binary = message.opcode == Opcode::Binary;
  if (admission_.local != nullptr) {
    hand_over();
    admission_.local->take_message(connection.protocol, id_of(connection), message.payload, binary);
    return;
  }
  connection.unconfirmed += static_cast<std::uint32_t>(message.payload.size() + PerMessage);
  connection.awaiting = connection.restricted || connection.unconfirmed > MaxUnconfirmedBytes;
  tell(connection).value =
      MessageInput{id_of(connection), std::move(message.payload), binary, connection.awaiting};
}

/// The long reply's chunk has been written: the core goes on, and then so does reading.
void Shard::resume(Connection& connection) {
  tell(connection).value = DrainInput{id_of(connection)};
  if (admission_.local != nullptr) hand_over();
  read_on(connection);
}

void Shard::read_on(Connection& connection) {
  if (connection.stage != Stage::Open || connection.waits()) return;
  if (connection.unread) {
    const auto waiting = std::move(connection.unread);
    feed_frames(connection, waiting->data(), waiting->size());
  }
  if (!connection.unread && !connection.waits()) arm_read(connection);
}

}  // namespace signaller::net
