// The beat, four times a second: pings, read rate, unfinished messages, memory of requests.
#include <algorithm>
#include <asio/post.hpp>

#include "net/shard/shard.hpp"

namespace signaller::net {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds LongestBeat{250};
constexpr int BeatsInAnInterval = 4;  ///< minimum number of beats in a ping interval
/// Pings are sent as signals: they overtake all waiting frames except those in the kernel.
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

/// Each beat checks a part of the slots, so that each slot is checked once in a ping interval and
/// the pings are spread over the interval.
void Shard::on_beat() {
  arm_beat();  // armed first: an exception below must not stop the beat
  ++beat_;
  if (is_short_of_connections()) end_idle();
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

/// Resumes one paused connection, then lets other events run: each connection may have a buffer
/// full of tiny frames.
void Shard::resume_next() {
  if (resumed_.empty()) return;
  Connection* connection = find(resumed_.front());
  resumed_.pop_front();
  asio::post(loop_.context(), [this] { resume_next(); });
  if (connection == nullptr) return;
  connection->paused = false;
  read_on(*connection);
}

/// Sends a ping, or closes a silent connection. Any byte that the client sends or accepts is a sign
/// of life.
void Shard::look_after(Connection& connection) {
  if (connection.stage != Stage::Open) return;
  // a held connection is not read, so it must not count as silent
  if (connection.held) connection.heard = beat_;
  const milliseconds silent = beat_length_ * (beat_ - connection.heard);
  if (silent >= tuning_.pong_timeout) {
    return fail(connection, 3012,
                "no pong: nothing was received from you for " + seconds(tuning_.pong_timeout) +
                    " (net.pong_timeout)");
  }
  const bool behind = connection.outbox && connection.outbox->backlogged();
  // Sends no other ping while the last one has not been written.
  if (behind && connection.heard <= connection.pinged) return;
  connection.pinged = beat_;
  fanout_.send(connection, {}, PingLine);
}

/// Counts bytes against net.read_rate. Above the rate, the connection is not read until the next
/// beat.
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

/// Updates the count of bytes that the connection's unfinished message holds, and gives the message
/// a deadline if it has none. If the message grew, and all unfinished messages of this shard hold
/// too much, the oldest ones are ended. Must be called after bytes were read.
/// @param fresh  a message has ended since the last call, so the unfinished message is a new one
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

/// Ends the oldest unfinished messages when all unfinished messages hold too much: honest clients
/// finish soon.
/// @param grown  the connection whose message has just grown; it ends if all others are younger
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
    if (age + 2 * beat_length_ < waited) {  // the deadline was set for an earlier message
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
           " bytes are held for all connections (net.message_bytes)");
  shared_.unfinished -= connection.unfinished;
  unfinished_ -= connection.unfinished;
  connection.unfinished = 0;
  connection.frames.reset();
}

void Shard::message_overdue(Connection& connection) {
  connection.timed = false;
  if (connection.stage != Stage::Open || !connection.frames->in_message()) return;
  // While the connection waits, the server does not read it, so the client cannot complete the
  // message.
  const milliseconds age = beat_length_ * (beat_ - connection.began);
  if (connection.waits() || age + beat_length_ < tuning_.message_timeout) {
    connection.timed = true;
    return expect_within(messages_, tuning_.message_timeout, connection);
  }
  fail(connection, 3013,
       "a message was not complete after " + seconds(tuning_.message_timeout) +
           " (net.message_timeout)");
}

/// Ends connections when all requests together hold too much: first idle kept connections, then a
/// request that alone holds more than half, then the oldest requests, because honest clients finish
/// soon. Does not end an HTTP request that a protocol is answering: such a request keeps its
/// deadline, and the answer frees it.
/// @param grown  a connection whose request has grown; null: none
void Shard::make_room(Connection* grown) {
  const std::size_t most = tuning_.request_bytes / shared_.options.shards;
  if (requests_ <= most) return;
  end_idle();
  const bool large = grown != nullptr && grown->stage == Stage::Request &&
                     grown->arrival->bytes > most / 2 && requests_ > most;
  if (large) end_for_room(*grown);
  std::vector<Deadline> kept;
  while (requests_ > most && !handshakes_.list.empty()) {
    const Deadline entry = handshakes_.list.front();
    Connection* oldest = find(entry.who);
    handshakes_.list.pop_front();
    if (oldest == nullptr || !oldest->arrival || oldest->arrival->due != entry.at) continue;
    if (oldest->stage == Stage::Answering || oldest->stage == Stage::Finishing) {
      kept.push_back(entry);
      continue;
    }
    end_for_room(*oldest);
  }
  handshakes_.list.insert(handshakes_.list.begin(), kept.begin(), kept.end());
}

void Shard::end_for_room(Connection& connection) {
  release_request(connection);
  if (connection.stage != Stage::Request) return request_overdue(connection);
  answer(connection, unavailable("too many requests at once: net.request_bytes\n"));
}

}  // namespace signaller::net
