// Ends of connections: close codes and deadlines.
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "net/shard/shard.hpp"

namespace signaller::net {
namespace {

constexpr LineOptions CloseLine{Opcode::Close, port::FrameClass::Chat, 0, false};

}  // namespace

void Shard::announce_end(Connection& connection, std::uint16_t code, bool by_server) {
  fanout_.unsubscribe_all(connection);
  if (!std::exchange(connection.announced, false)) return;
  if (connection.stage != Stage::Deciding) closes_.add(code);
  show_codes();
  tell(connection).value =
      port::Closed{id_of(connection), code, by_server, connection.stage != Stage::Deciding};
}

/// Postpones the end until a core on another thread has answered earlier messages. (A core on this
/// thread has answered them already.) Returns false if the connection may end now.
bool Shard::waits_for_answers(Connection& connection, Ending ending) {
  if (connection.unconfirmed == 0 || connection.stage != Stage::Open) return false;
  connection.ending = std::make_unique<Ending>(std::move(ending));
  connection.awaiting = true;
  tell(connection).value = BarrierInput{id_of(connection)};
  return true;
}

void Shard::on_barrier_reached(Connection& connection) {
  connection.awaiting = false;
  connection.unconfirmed = 0;
  const auto ending = std::move(connection.ending);
  if (!ending) return read_on(connection);
  if (ending->by_client) {
    on_close_frame(connection, ending->text);
  } else {
    fail(connection, ending->code, ending->text);
  }
}

/// Handles the client's close frame: echoes its code (RFC 6455 §5.5.1), then ends the connection.
void Shard::on_close_frame(Connection& connection, const std::string& payload) {
  if (connection.stage == Stage::Closing) return finish(connection);
  if (waits_for_answers(connection, {true, 0, payload})) return;
  const CloseFrame frame = read_close(payload);
  announce_end(connection, frame.answer == frame.code ? frame.code : frame.answer, false);
  const std::string reply = frame.answer == 1005 ? std::string() : close_payload(frame.answer, {});
  fanout_.send_last(connection, reply, CloseLine);
  finish(connection);
}

/// Closes a connection on the server's behalf: the client must answer within net.close_timeout.
void Shard::begin_close(Connection& connection, std::uint16_t code, const std::string& reason) {
  if (connection.stage != Stage::Open) return;
  announce_end(connection, code, true);
  fanout_.send_last(connection, close_payload(code, reason), CloseLine);
  connection.stage = Stage::Closing;
  expect_within(endings_, tuning_.close_timeout, connection);
  if (connection.unread) {  // the unread bytes may contain the client's close frame
    const auto waiting = std::move(connection.unread);
    feed_frames(connection, waiting->data(), waiting->size());
  }
  arm_read(connection);
}

/// Handles a violation by the client: the connection fails once earlier messages have been
/// answered.
void Shard::refuse(Connection& connection, std::uint16_t code, const std::string& reason) {
  if (!waits_for_answers(connection, {false, code, reason})) fail(connection, code, reason);
}

/// Sends a close frame to a client that broke a rule or is too slow, and reads nothing more from
/// it.
void Shard::fail(Connection& connection, std::uint16_t code, const std::string& reason) {
  if (connection.stage != Stage::Open && connection.stage != Stage::Closing) return;
  announce_end(connection, code, true);
  if (connection.stage == Stage::Open) {
    fanout_.send_last(connection, close_payload(code, reason), CloseLine);
  }
  finish(connection);
}

/// Ends a connection to which nothing can be written any more.
void Shard::lose(Connection& connection) {
  if (connection.stage == Stage::Answering) drop_hold(connection);
  announce_end(connection, 1006, false);
  connection.closed = true;
  connection.stage = Stage::Finishing;
  lost_.push_back(id_of(connection));
}

/// Writes the remaining bytes, then shuts the sending side. EOF or net.close_timeout ends the
/// connection.
void Shard::finish(Connection& connection) {
  if (connection.stage == Stage::Finishing) return;
  connection.stage = Stage::Finishing;
  connection.unread.reset();
  count_request(connection);
  expect_within(endings_, tuning_.close_timeout, connection);
  if (connection.outbox) {
    connection.tell_drained = true;
  } else {
    drained_.push_back(id_of(connection));
  }
  arm_read(connection);
}

void Shard::expect_within(Deadlines& deadlines, std::chrono::milliseconds time,
                          const Connection& connection) {
  deadlines.list.push_back({Clock::now() + time, id_of(connection)});
  arm(deadlines);
}

/// Sets the deadline of a request, or of the idle time before the next request. Earlier entries of
/// the connection become stale. They stay in the list until the list has more entries than there
/// are connections.
void Shard::expect_request(Deadlines& deadlines, std::chrono::milliseconds time,
                           Connection& connection) {
  constexpr std::size_t Few = 1'024;
  auto& list = deadlines.list;
  connection.arrival->due = Clock::now() + time;
  list.push_back({connection.arrival->due, id_of(connection)});
  if (list.size() > Few + 2 * count_) {
    const auto stale = [this](const Deadline& entry) {
      const Connection* one = find(entry.who);
      return one == nullptr || !one->arrival || one->arrival->due != entry.at;
    };
    list.erase(std::remove_if(list.begin(), list.end(), stale), list.end());
  }
  arm(deadlines);
}

void Shard::arm(Deadlines& deadlines) {
  if (deadlines.armed || deadlines.list.empty()) return;
  // The timer fires at most once in 50 ms, because many deadlines lie close together. It fires at
  // once if a deadline has passed.
  constexpr std::chrono::milliseconds Grain{50};
  const Clock::time_point now = Clock::now();
  const Clock::time_point first = deadlines.list.front().at;
  deadlines.armed = true;
  deadlines.timer.expires_at(first <= now ? now : std::max(first, now + Grain));
  deadlines.timer.async_wait([this, &deadlines](const std::error_code& error) {
    if (!error) on_deadlines(deadlines);
  });
}

void Shard::on_deadlines(Deadlines& deadlines) {
  constexpr int Most = 32;  // maximum number of deadlines in one turn
  deadlines.armed = false;
  const Clock::time_point now = Clock::now();
  for (int i = 0; i < Most && !deadlines.list.empty() && deadlines.list.front().at <= now; ++i) {
    const Deadline entry = deadlines.list.front();
    deadlines.list.pop_front();
    on_deadline(deadlines, entry);
  }
  arm(deadlines);
}

void Shard::on_deadline(const Deadlines& deadlines, const Deadline& entry) {
  Connection* late = find(entry.who);
  if (late == nullptr) return;
  if (&deadlines == &messages_) return message_overdue(*late);
  if (&deadlines == &endings_) return end_overdue(*late);
  // Ignores a stale entry: the connection has got another deadline since.
  if (!late->arrival || late->arrival->due != entry.at) return;
  if (&deadlines == &idle_) return finish(*late);
  request_overdue(*late);
}

void Shard::request_overdue(Connection& connection) {
  switch (connection.stage) {
    case Stage::Proxy:
    case Stage::Securing:
    case Stage::Answering:
    case Stage::Replying:
      return lose(connection);  // no answer can be sent in these stages
    case Stage::Request:
      return answer(connection,
                    {408, PlainText, "the request took too long (net.handshake_timeout)\n", {}});
    case Stage::Deciding:
      announce_end(connection, 1006, true);
      return answer(connection,
                    unavailable("the handshake took too long (net.handshake_timeout)\n"));
    case Stage::Open:
    case Stage::Closing:
    case Stage::Finishing:
      break;
  }
}

/// Closes the connection with a reset: otherwise the kernel would keep unsent bytes, perhaps
/// megabytes, for minutes.
void Shard::end_overdue(Connection& connection) {
  // Sets the option without Asio: the destructor of Asio's socket would reset an option that Asio
  // has set.
  const linger at_once{1, 0};
  ::setsockopt(connection.descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  lost_.push_back(id_of(connection));
}

void Shard::close_all(std::uint16_t code, const std::function<std::string()>& reason) {
  closing_all_ = true;
  for (Slot& slot : slots_) {
    if (!slot.connection) continue;
    if (slot.connection->stage == Stage::Open) {
      begin_close(*slot.connection, code, reason());
    } else if (slot.connection->stage <= Stage::Request ||
               slot.connection->stage == Stage::Deciding) {
      lose(*slot.connection);
    }
  }
}

}  // namespace signaller::net
