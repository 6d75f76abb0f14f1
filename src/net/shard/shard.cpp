#include "net/shard/shard.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cassert>
#include <cerrno>
#include <utility>

namespace signaller::net {
namespace {

/// Memory of a connection before its request has arrived, in bytes, without the request itself.
constexpr std::size_t ArrivalBytes = 2UL * 1024;
constexpr std::size_t TlsArrivalBytes = 24UL * 1024;

/// Sets TCP keepalive and TCP_USER_TIMEOUT. They end dead connections that pings do not cover:
/// connections that send requests, and clients that do not acknowledge bytes.
void expect_signs_of_life(int descriptor, std::chrono::milliseconds time) {
  const int on = 1;
  const int idle = 60;
  const int between = 15;
  const int tries = 4;
  const auto most = static_cast<unsigned>(time.count());
  ::setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, &between, sizeof between);
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, &tries, sizeof tries);
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &most, sizeof most);
}

template <class Effect>
Publication publication_of(const Effect& effect, Subscriber* except) {
  return {effect.forms, effect.frame_class, except, effect.binary ? Opcode::Binary : Opcode::Text};
}

}  // namespace

Shard::Shard(std::uint16_t number, Loop& loop, Shared& shared, CoreLink core)
    : number_(number),
      loop_(loop),
      shared_(shared),
      core_(std::move(core)),
      fanout_(*this, shared.options.outbox, shared.held),
      tuning_(shared.options),
      handshakes_(loop.context()),
      idle_(loop.context()),
      endings_(loop.context()),
      messages_(loop.context()),
      beat_timer_(loop.context()) {
  origins_.assign(tuning_.origins);
  arm_beat();
}

Shard::~Shard() {
  for (Slot& slot : slots_) {
    if (slot.connection) destroy(*slot.connection);
  }
}

Connection* Shard::find(port::ConnectionId id) {
  if (id.slot >= slots_.size() || slots_[id.slot].generation != id.generation) return nullptr;
  return slots_[id.slot].connection.get();
}

port::ConnectionId Shard::id_of(const Subscriber& link) const {
  return {shared_.options.node, number_, link.slot, slots_[link.slot].generation};
}

void Shard::adopt(AcceptedSocket accepted) {
  const int descriptor = accepted.descriptor;
  const int on = 1;
  const int unsent = shared_.options.unsent_bytes;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
  expect_signs_of_life(descriptor, tuning_.pong_timeout);
  asio::ip::tcp::socket socket(loop_.context());
  std::error_code error;
  socket.assign(asio::ip::tcp::v6(), descriptor, error);
  if (error || closing_all_) {
    if (error) ::close(descriptor);
    --shared_.connections;
    return;
  }
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  auto connection = std::make_unique<Connection>(std::move(socket));
  connection->descriptor = descriptor;
  connection->slot = slot;
  connection->generation = ++slots_[slot].generation;
  connection->routes = accepted.routes;
  connection->heard = beat_;
  connection->stage = accepted.routes->proxy ? Stage::Proxy
                      : accepted.routes->tls ? Stage::Securing
                                             : Stage::Request;
  connection->arrival = std::make_unique<Arrival>(requests_);
  connection->arrival->base = accepted.routes->tls ? TlsArrivalBytes : ArrivalBytes;
  connection->arrival->peer = {accepted.peer, accepted.port, accepted.trusted_proxy};
  connection->arrival->through_proxy = accepted.trusted_proxy;
  connection->arrival->refusal = std::move(accepted.admission.refusal);
  connection->connection_slot = std::move(accepted.admission.connection_slot);
  slots_[slot].connection = std::move(connection);
  ++count_;
  begin_arrival(*slots_[slot].connection);
}

void Shard::begin_arrival(Connection& connection) {
  count_request(connection);
  expect_request(handshakes_, tuning_.handshake_timeout, connection);
  arm_read(connection);
  make_room(nullptr);
}

void Shard::destroy(Connection& connection) {
  const std::uint32_t slot = connection.slot;
  fanout_.forget(connection);
  shared_.unfinished -= connection.unfinished;
  unfinished_ -= connection.unfinished;
  // Closes the socket; completions that come later find no connection.
  slots_[slot].connection.reset();
  free_slots_.push_back(slot);
  --count_;
  --shared_.connections;
  assert(count_ != 0 || (requests_ == 0 && unfinished_ == 0));
}

Input& Shard::tell(const Connection& connection) {
  inputs_.emplace_back();
  inputs_.back().protocol = connection.protocol;
  return inputs_.back();
}

void Shard::apply(const port::Effect& effect) {
  if (const auto* send = std::get_if<port::Send>(&effect)) {
    Connection* to = find(send->to);
    if (to == nullptr || to->stage != Stage::Open) return;
    if (send->more) to->tell_drained = true;
    fanout_.send(
        *to, send->text,
        {send->binary ? Opcode::Binary : Opcode::Text, send->frame_class, send->lane, false});
  } else if (const auto* line = std::get_if<port::Publish>(&effect)) {
    publish(*line);
  } else if (const auto* wide = std::get_if<port::PublishUnion>(&effect)) {
    publish_union(*wide);
  } else if (const auto* wish = std::get_if<port::Subscribe>(&effect)) {
    Connection* who = find(wish->who);
    if (who == nullptr || who->stage != Stage::Open) return;
    fanout_.subscribe(*who, wish->topic, wish->form, wish->quiet);
  } else if (const auto* end = std::get_if<port::Unsubscribe>(&effect)) {
    Connection* who = find(end->who);
    if (who != nullptr) fanout_.unsubscribe(*who, end->topic);
  } else if (const auto* close = std::get_if<port::Close>(&effect)) {
    Connection* who = find(close->who);
    if (who != nullptr) begin_close(*who, close->code, close->reason);
  } else if (const auto* limit = std::get_if<port::FrameLimit>(&effect)) {
    Connection* who = find(limit->who);
    if (who == nullptr || !who->frames) return;
    who->frames->set_limit(limit->bytes);
    who->restricted = false;
  } else if (const auto* reply = std::get_if<port::Respond>(&effect)) {
    if (Connection* who = find(reply->to.connection)) respond(*who, *reply);
  } else if (const auto* accept = std::get_if<port::AcceptUpgrade>(&effect)) {
    accept_upgrade(*accept);
  } else if (const auto* wait = std::get_if<port::Hold>(&effect)) {
    hold(wait->who);
  } else if (const auto* release = std::get_if<port::Release>(&effect)) {
    Connection* who = find(release->who);
    if (who == nullptr || !std::exchange(who->held, false)) return;
    // Continues the connection later: its waiting messages must not be handled inside this call.
    released_.push_back(release->who);
  }
}

void Shard::obey(const ShardMessage& order) {
  if (const auto* effect = std::get_if<port::Effect>(&order)) return apply(*effect);
  Connection* heard = find(std::get<BarrierReached>(order).who);
  if (heard != nullptr) on_barrier_reached(*heard);
}

void Shard::tune(const Tuning& tuning) {
  tuning_ = tuning;
  origins_.assign(tuning.origins);
  fanout_.set_limits(tuning.outbox);
}

/// Returns null if the connection belongs to another shard or node.
Connection* Shard::own(port::ConnectionId id) {
  return id.shard == number_ && id.node == shared_.options.node ? find(id) : nullptr;
}

void Shard::publish(const port::Publish& effect) {
  Connection* except = own(effect.except);
  fanout_.publish(effect.topic, publication_of(effect, except));
}

void Shard::publish_union(const port::PublishUnion& effect) {
  Connection* except = own(effect.except);
  fanout_.publish_union(effect.topics, publication_of(effect, except));
}

void Shard::hand_over() {
  if (inputs_.empty()) return;
  if (core_.local == nullptr) return core_.post(std::exchange(inputs_, {}));
  while (!inputs_.empty()) {  // the core may apply effects that add inputs
    for (Input& input : std::exchange(inputs_, {})) core_.local->take(std::move(input));
  }
}

void Shard::end_turn() {
  fanout_.flush();
  show_counts();
  const bool settled =
      slow_.empty() && drained_.empty() && broken_.empty() && lost_.empty() && released_.empty();
  if (settled) return;
  settle();
  loop_.again();  // the next turn does the work that settle() has left or added
}

void Shard::show_counts() {
  const FanoutCounts& counts = fanout_.counts();
  shown_.deliveries.store(counts.deliveries, Relaxed);
  shown_.shed.store(counts.shed, Relaxed);
  shown_.too_slow.store(counts.too_slow, Relaxed);
  shown_.refused.store(refused_, Relaxed);
  shown_.stale_answers.store(stale_answers_, Relaxed);
  shown_.request_bytes.store(requests_, Relaxed);
  shown_.messages.store(messages_read_, Relaxed);
  shown_.received.store(bytes_read_, Relaxed);
  shown_.tls_failures.store(tls_failures_, Relaxed);
}

void Shard::show_codes() {
  for (std::size_t i = 0; i < closes_.counts.size(); ++i) {
    shown_.closes[i].store(closes_.counts[i], Relaxed);
  }
  for (std::size_t i = 0; i < answers_.counts.size(); ++i) {
    shown_.answers[i].store(answers_.counts[i], Relaxed);
  }
}

namespace {

/// Takes at most 32 entries; the other entries wait for the next turn. Closing costs system calls,
/// and many connections may end at once.
std::vector<port::ConnectionId> some(std::vector<port::ConnectionId>& all) {
  constexpr std::ptrdiff_t Most = 32;
  if (static_cast<std::ptrdiff_t>(all.size()) <= Most) return std::exchange(all, {});
  std::vector<port::ConnectionId> first(all.begin(), all.begin() + Most);
  all.erase(all.begin(), all.begin() + Most);
  return first;
}

}  // namespace

/// Handles the connections whose outbox is now empty, has failed or has become too large.
void Shard::settle() {
  for (const auto id : some(slow_)) {
    if (Connection* slow = find(id))
      fail(*slow, 3008, too_slow_text(slow->passed, fanout_.limits()));
  }
  for (const auto id : std::exchange(drained_, {})) {
    Connection* connection = find(id);
    if (connection == nullptr) continue;
    if (connection->stage == Stage::Finishing) {
      release_request(*connection);
      shut_sending(*connection);
    } else if (connection->stage == Stage::Replying) {
      next_request(*connection);
    } else if (connection->stage == Stage::Open) {
      resume(*connection);
    }
  }
  for (const auto id : std::exchange(released_, {})) {
    if (Connection* connection = find(id)) read_on(*connection);
  }
  for (const auto id : some(broken_)) {
    if (Connection* connection = find(id)) lose(*connection);
  }
  for (const auto id : some(lost_)) {
    if (Connection* connection = find(id)) destroy(*connection);
  }
}

}  // namespace signaller::net
