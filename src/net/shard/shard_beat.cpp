// A few times a second: who is alive, who says too much, who never ends.
#include <algorithm>
#include <asio/post.hpp>

#include "net/shard/shard.hpp"

namespace signaller::net {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds LongestBeat{250};
constexpr int BeatsInAnInterval = 4;  ///< at least
/// Beyond what the kernel has: pings are signals that pass whatever else waits.
constexpr LineOptions PingLine{Opcode::Ping, port::FrameClass::Signal, PingLane, false};

std::string seconds(milliseconds time) {
  const auto count = std::to_string(time.count());
  return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s" : count + " ms";
}

}  // namespace

void Shard::arm_beat() {
  beat_length_ = LongestBeat;
  if (tuning_.ping_interval.count() > 0) {
    beat_length_ =
        std::clamp(tuning_.ping_interval / BeatsInAnInterval, milliseconds(1), LongestBeat);
  }
  beat_timer_.expires_after(beat_length_);
  beat_timer_.async_wait([this](const std::error_code& error) {
    if (!error) on_beat();
  });
}

/// Each beat looks after its share of the places, so that pings are spread over the interval and
/// each place has its turn once in it.
void Shard::on_beat() {
  arm_beat();  // first: whatever is thrown below, there is another beat
  ++beat_;
  const bool resuming = !resumed_.empty();
  for (const auto id : std::exchange(paused_, {})) resumed_.push_back(id);
  if (!resuming) resume_next();
  if (tuning_.ping_interval.count() > 0) {
    const auto beats = std::max<std::int64_t>(1, tuning_.ping_interval / beat_length_);
    const auto share = static_cast<std::size_t>(beats);
    for (std::size_t slot = beat_ % share; slot < slots_.size(); slot += share) {
      if (slots_[slot].connection) look_after(*slots_[slot].connection);
    }
  }
}

/// One at a time, and what is ready of everybody else between them: each may have a buffer full of
/// tiny frames.
void Shard::resume_next() {
  if (resumed_.empty()) return;
  Connection* connection = find(resumed_.front());
  resumed_.pop_front();
  asio::post(loop_.context(), [this] { resume_next(); });
  if (connection == nullptr) return;
  connection->paused = false;
  read_on(*connection);
}

/// Anything that it sends or takes shows that it lives, not only a pong.
void Shard::look_after(Connection& connection) {
  if (connection.stage != Stage::Open) return;
  if (connection.held) connection.heard = beat_;  // it is the server who does not read
  const milliseconds silent = beat_length_ * (beat_ - connection.heard);
  if (silent >= tuning_.pong_timeout) {
    return fail(connection, 3012,
                "no pong: nothing came from you for " + seconds(tuning_.pong_timeout) +
                    " (net.pong_timeout)");
  }
  const bool behind = connection.outbox && connection.outbox->backlogged();
  if (behind && connection.heard <= connection.pinged) return;  // the last ping still waits
  connection.pinged = beat_;
  fanout_.send(connection, {}, PingLine);
}

/// Who sends more than its share waits for the next beat: TCP slows it down, and nobody else.
void Shard::count_read(Connection& connection, std::size_t bytes) {
  if (tuning_.read_rate == 0) return;
  if (connection.read_in != beat_) {
    connection.read_in = beat_;
    connection.read_bytes = 0;
  }
  connection.read_bytes += static_cast<std::uint32_t>(bytes);
  constexpr std::size_t Second = 1000;
  const std::size_t most =
      tuning_.read_rate * static_cast<std::size_t>(beat_length_.count()) / Second;
  if (connection.paused || connection.read_bytes <= most) return;
  connection.paused = true;
  paused_.push_back(id_of(connection));
}

/// After bytes were read: what of a message is there must be whole in time, and all such parts
/// together have a bound.
/// @param fresh  a message has ended meanwhile: what is unfinished has begun since
void Shard::note_message(Connection& connection, bool fresh) {
  if (!connection.frames) return;
  const std::size_t held = connection.frames->in_message() ? connection.frames->held() : 0;
  const bool grew = held > connection.unfinished;
  shared_.unfinished += held - connection.unfinished;
  unfinished_ += held - connection.unfinished;
  if (fresh || connection.unfinished == 0) connection.began = beat_;
  connection.unfinished = static_cast<std::uint32_t>(held);
  if (!connection.frames->in_message() || connection.stage != Stage::Open) return;
  if (!connection.timed) {
    connection.timed = true;
    expect_within(messages_, tuning_.message_timeout, connection);
  }
  if (grew) end_oldest_messages(connection);
}

/// The oldest messages go when all together hold too much: who is honest needs no time.
/// @param grown  whose message has just grown; it goes if all others are younger
void Shard::end_oldest_messages(Connection& grown) {
  const std::size_t most = tuning_.message_bytes / shared_.options.shards;
  auto& list = messages_.list;
  for (std::size_t left = list.size(); unfinished_ > most && left > 0; --left) {
    const Deadline entry = list.front();
    list.pop_front();
    Connection* oldest = find(entry.who);
    if (oldest == nullptr) continue;
    oldest->timed = false;
    if (oldest->stage != Stage::Open || !oldest->frames->in_message()) continue;
    const milliseconds age = beat_length_ * (beat_ - oldest->began);
    const auto waited = Clock::now() - entry.at + tuning_.message_timeout;
    if (age + 2 * beat_length_ < waited) {  // another message than the one that it began with
      oldest->timed = true;
      expect_within(messages_, tuning_.message_timeout, *oldest);
      continue;
    }
    end_message(*oldest);
    if (oldest == &grown) return;
  }
  if (unfinished_ > most) end_message(grown);
}

void Shard::end_message(Connection& connection) {
  fail(connection, 3013,
       "too many unfinished messages: " + std::to_string(tuning_.message_bytes) +
           " bytes are held for all (net.message_bytes)");
  shared_.unfinished -= connection.unfinished;
  unfinished_ -= connection.unfinished;
  connection.unfinished = 0;
  connection.frames.reset();
}

void Shard::message_overdue(Connection& connection) {
  connection.timed = false;
  if (connection.stage != Stage::Open || !connection.frames->in_message()) return;
  // While it waits, it is not the client who keeps the message from being read.
  const milliseconds age = beat_length_ * (beat_ - connection.began);
  if (connection.waits() || age + beat_length_ < tuning_.message_timeout) {
    connection.timed = true;
    return expect_within(messages_, tuning_.message_timeout, connection);
  }
  fail(connection, 3013,
       "a message was not whole after " + seconds(tuning_.message_timeout) +
           " (net.message_timeout)");
}

/// The oldest requests go when all together hold too much: who is honest needs no time.
void Shard::make_room() {
  const std::size_t most = tuning_.request_bytes / shared_.options.shards;
  while (requests_ > most && !handshakes_.list.empty()) {
    Connection* oldest = find(handshakes_.list.front().who);
    handshakes_.list.pop_front();
    if (oldest == nullptr || !oldest->arrival) continue;
    oldest->arrival->take(0);
    if (oldest->stage < Stage::Request) {
      lose(*oldest);
    } else if (oldest->stage == Stage::Request) {
      answer(*oldest, {503, PlainText, "too many requests at once: net.request_bytes\n",
                       "Retry-After: 5\r\n"});
    }
  }
}

}  // namespace signaller::net
