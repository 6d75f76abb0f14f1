// Reads sockets, and handles the messages of open connections.
#include <algorithm>
#include <utility>

#include "net/shard/shard.hpp"

namespace signaller::net {
namespace {

constexpr int ReadsInOneTurn = 4;
/// Maximum bytes of messages of one connection that a core on another thread has not handled yet. A
/// busy core thus slows its clients down instead of queueing their messages.
constexpr std::size_t MaxUnconfirmedBytes = 32UL * 1024;
/// Added to the bytes of each message, for net.read_rate and for MaxUnconfirmedBytes.
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

/// Handles the end of the client's input. An HTTP answer is still written.
void Shard::on_end_of_input(Connection& connection) {
  const bool answering = connection.stage == Stage::Answering ||
                         connection.stage == Stage::Replying ||
                         (connection.stage == Stage::Finishing && !connection.shut);
  if (!answering) lose(connection);
}

bool Shard::feed(Connection& connection, char* bytes, std::size_t size) {
  switch (connection.stage) {
    case Stage::Proxy:  // read_proxy_header() and secure() read in these stages
    case Stage::Securing:
      break;
    case Stage::Request:
      return feed_request(connection, bytes, size);
    case Stage::Open:
    case Stage::Closing:
      return feed_frames(connection, bytes, size);
    case Stage::Deciding:
      refuse_early_bytes(connection);
      return true;
    case Stage::Answering:
    case Stage::Replying:
      keep_unread(connection, bytes, size);
      return false;
    case Stage::Finishing:
      return true;  // drops the bytes; reading until the end avoids a reset at the close
  }
  return false;
}

/// Keeps the bytes after a request until the request has been answered. The bytes are bounded,
/// because nothing is read while some are kept.
void Shard::keep_unread(Connection& connection, const char* bytes, std::size_t size) {
  if (size == 0) return;
  if (!connection.unread) connection.unread = std::make_unique<std::string>();
  connection.unread->append(bytes, size);
  count_request(connection);
  make_room(nullptr);
}

std::string Shard::frame_problem(const Connection& connection) {
  constexpr std::uint16_t TooLarge = 1009;
  if (connection.frames->close_code() != TooLarge) return connection.frames->error();
  const std::string key(connection.route->endpoint.frame_key);
  return "a message is limited to " + std::to_string(connection.frames->limit()) + " bytes" +
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
    // A control frame does not end the message: it may come between fragments.
    fresh = fresh || (whole && !is_control(message.opcode));
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

/// Passes a message to the protocol.
void Shard::pass_on(Connection& connection, Message& message) {
  ++messages_read_;
  const bool binary = message.opcode == Opcode::Binary;
  if (core_.local != nullptr) {
    hand_over();
    core_.local->take_message(connection.protocol, id_of(connection), message.payload, binary);
    return;
  }
  connection.unconfirmed += static_cast<std::uint32_t>(message.payload.size() + PerMessage);
  connection.awaiting = connection.restricted || connection.unconfirmed > MaxUnconfirmedBytes;
  tell(connection).value =
      MessageInput{id_of(connection), std::move(message.payload), binary, connection.awaiting};
}

/// Called when a piece of a long reply has been written: tells the core, then continues reading.
void Shard::resume(Connection& connection) {
  tell(connection).value = DrainInput{id_of(connection)};
  if (core_.local != nullptr) hand_over();
  read_on(connection);
}

void Shard::read_on(Connection& connection) {
  if (connection.waits()) return;
  if (connection.unread && connection.stage == Stage::Open) {
    const auto waiting = std::move(connection.unread);
    feed_frames(connection, waiting->data(), waiting->size());
  } else if (connection.unread && connection.stage == Stage::Request) {
    const auto waiting = std::move(connection.unread);
    count_request(connection);
    feed_request(connection, waiting->data(), waiting->size());
  }
  if (!connection.unread && !connection.waits()) arm_read(connection);
}

}  // namespace signaller::net
