// Ends: who closes, with what code, and how long the other side has.
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
  closes_.add(code);
  show_codes();
  tell(connection).value = port::Closed{id_of(connection), code, by_server};
}

/// What the client has said before may have answers that a core on another thread has still to
/// give: they come before the end. (A core on this thread has given them.)
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

/// The client closes: it gets its code back (RFC 6455 §5.5.1), then the connection ends.
void Shard::on_close_frame(Connection& connection, const std::string& payload) {
  if (connection.stage == Stage::Closing) return finish(connection);
  if (waits_for_answers(connection, {true, 0, payload})) return;
  const CloseFrame frame = read_close(payload);
  announce_end(connection, frame.answer == frame.code ? frame.code : frame.answer, false);
  const std::string reply = frame.answer == 1005 ? std::string() : close_payload(frame.answer, {});
  fanout_.send_last(connection, reply, CloseLine);
  finish(connection);
}

/// The server closes: the client has until the deadline to answer.
void Shard::begin_close(Connection& connection, std::uint16_t code, const std::string& reason) {
  if (connection.stage != Stage::Open) return;
  announce_end(connection, code, true);
  fanout_.send_last(connection, close_payload(code, reason), CloseLine);
  connection.stage = Stage::Closing;
  expect_within(endings_, tuning_.close_timeout, connection);
  if (connection.unread) {  // the client's close frame may be among it
    const auto waiting = std::move(connection.unread);
    feed_frames(connection, waiting->data(), waiting->size());
  }
  arm_read(connection);
}

/// The client has said what it may not.
void Shard::refuse(Connection& connection, std::uint16_t code, const std::string& reason) {
  if (!waits_for_answers(connection, {false, code, reason})) fail(connection, code, reason);
}

/// The client broke a rule or is too slow: it is told why, and not listened to any more.
void Shard::fail(Connection& connection, std::uint16_t code, const std::string& reason) {
  if (connection.stage != Stage::Open && connection.stage != Stage::Closing) return;
  announce_end(connection, code, true);
  if (connection.stage == Stage::Open) {
    fanout_.send_last(connection, close_payload(code, reason), CloseLine);
  }
  finish(connection);
}

/// Nothing can be said to this client any more.
void Shard::lose(Connection& connection) {
  announce_end(connection, 1006, false);
  connection.closed = true;
  connection.stage = Stage::Finishing;
  lost_.push_back(id_of(connection));
}

/// All is said: once it is written the sending side is shut, and EOF or the deadline ends it.
void Shard::finish(Connection& connection) {
  if (connection.stage == Stage::Finishing) return;
  connection.stage = Stage::Finishing;
  connection.unread.reset();
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

void Shard::arm(Deadlines& deadlines) {
  if (deadlines.armed || deadlines.list.empty()) return;
  // Not more often than needed: a crowd's deadlines lie close together. What is over by now does
  // not wait.
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
  constexpr int Most = 32;  // in one turn
  deadlines.armed = false;
  const Clock::time_point now = Clock::now();
  for (int i = 0; i < Most && !deadlines.list.empty() && deadlines.list.front().at <= now; ++i) {
    Connection* late = find(deadlines.list.front().who);
    deadlines.list.pop_front();
    if (late != nullptr) on_deadline(deadlines, *late);
  }
  arm(deadlines);
}

void Shard::on_deadline(const Deadlines& deadlines, Connection& connection) {
  if (&deadlines == &handshakes_) return request_overdue(connection);
  if (&deadlines == &messages_) return message_overdue(connection);
  end_overdue(connection);
}

void Shard::request_overdue(Connection& connection) {
  const bool nothing_to_say =
      connection.stage <= Stage::Securing || connection.stage == Stage::Answering;
  if (nothing_to_say) return lose(connection);
  if (connection.stage != Stage::Request) return;
  answer(connection, {408,
                      "text/plain; charset=utf-8",
                      "the request took too long (net.handshake_timeout)\n",
                      {}});
}

/// Cut by a reset: else the kernel would keep what it has not sent, megabytes perhaps, for minutes.
void Shard::end_overdue(Connection& connection) {
  // Not through Asio, whose destructor would take the option back before it closes.
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
    } else if (slot.connection->stage <= Stage::Request) {
      lose(*slot.connection);
    }
  }
}

}  // namespace signaller::net
