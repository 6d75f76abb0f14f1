#include "net/core/core_thread.hpp"

#include <algorithm>
#include <asio/post.hpp>
#include <chrono>
#include <utility>

#include "net/core/statistics.hpp"
#include "port/overloaded.hpp"

namespace signaller::net {

CoreThread::CoreThread(Loop& loop, std::vector<port::Protocol*> protocols, Services services,
                       int local)
    : loop_(loop),
      protocols_(std::move(protocols)),
      services_(std::move(services)),
      local_(local),
      saves_(loop, services_.store, protocols_.size(),
             [this](std::size_t protocol, const port::Stored& stored) {
               call_protocol(protocol,
                             [&](port::Protocol& asked) { return asked.on_stored(stored, now()); });
             }),
      wakes_(protocols_.size(), 0),
      timer_(loop.context()),
      patience_(loop.context()) {}

port::Instant CoreThread::now() {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  const auto steady = std::chrono::steady_clock::now().time_since_epoch();
  return {duration_cast<milliseconds>(wall).count(), duration_cast<milliseconds>(steady).count()};
}

CoreThread::Pause* CoreThread::pause_of(port::ConnectionId who) {
  if (paused_.empty()) return nullptr;
  const auto found = paused_.find(who);
  return found == paused_.end() ? nullptr : &found->second;
}

void CoreThread::message(std::size_t protocol, port::ConnectionId from, std::string_view payload,
                         bool binary) {
  if (Pause* pause = pause_of(from)) {
    pause->waiting.push_back({from, std::string(payload), binary, false});
    return;
  }
  say(protocol, from, payload, binary);
}

void CoreThread::say(std::size_t protocol, port::ConnectionId from, std::string_view payload,
                     bool binary) {
  call_protocol(protocol, [&](port::Protocol& heard) {
    port::Effects effects =
        binary ? heard.on_binary(from, payload, now()) : heard.on_text(from, payload, now());
    bound_answers(from, effects);
    return effects;
  });
}

void CoreThread::take(Input given) {
  loop_.guarded([&] { input(std::move(given)); });
}

void CoreThread::take_message(std::size_t protocol, port::ConnectionId from,
                              std::string_view payload, bool binary) {
  loop_.guarded([&] { message(protocol, from, payload, binary); });
}

/// Bounds the unwritten answers of a connection, because too many of them would close the
/// connection as too slow. Once the answers of a turn reach the size of a piece, they are sent like
/// a long reply: the next message waits until they are written.
void CoreThread::bound_answers(port::ConnectionId from, port::Effects& effects) {
  constexpr std::size_t Piece = 64UL * 1024;
  port::Send* last = nullptr;
  std::size_t size = 0;
  for (port::Effect& effect : effects) {
    auto* const send = std::get_if<port::Send>(&effect);
    if (send == nullptr || send->to != from) continue;
    last = send;
    size += send->text.size();
  }
  if (last == nullptr || last->more) return;
  std::size_t& answered = answered_[from];
  answered += size;
  if (answered < Piece) return;
  answered = 0;
  last->more = true;
}

void CoreThread::input(Input input) {
  const std::size_t number = input.protocol;
  std::visit(port::Overloaded{
                 [&](OpenedInput& opened) { open(number, *opened); },
                 [&](MessageInput& said) { hear(number, std::move(said)); },
                 [&](port::Closed& closed) {
                   if (services_.closed && closed.opened) services_.closed(number, closed);
                   close(number, closed);
                 },
                 [&](HttpInput& asked) { request(number, *asked); },
                 [&](UpgradeInput& asked) { upgrade(number, *asked); },
                 [&](const UnheldInput& over) { unhold(over.who); },
                 [&](DrainInput& drain) { drained(number, drain.who); },
                 [&](BarrierInput& echo) {
                   outgoing_[echo.who.shard].emplace_back(BarrierReached{echo.who});
                 },
             },
             input.value);
}

void CoreThread::open(std::size_t protocol, const port::Opened& opened) {
  if (services_.opened) services_.opened(protocol, opened);
  const bool done =
      call_protocol(protocol, [&](port::Protocol& asked) { return asked.on_open(opened, now()); });
  if (done) return;
  constexpr std::uint16_t InternalError = 1011;  // RFC 6455 §7.4.1
  route(protocol, port::Effect(port::Close{opened.connection, InternalError, "internal error"}));
}

void CoreThread::hear(std::size_t protocol, MessageInput said) {
  if (Pause* pause = pause_of(said.from)) {
    pause->waiting.push_back(std::move(said));
    return;
  }
  say(protocol, said.from, said.payload, said.binary);
  if (said.wants_barrier) outgoing_[said.from.shard].emplace_back(BarrierReached{said.from});
}

/// Continues a long reply. At its end, the messages that waited are handled in order.
void CoreThread::drained(std::size_t protocol, port::ConnectionId who) {
  Pause* pause = pause_of(who);
  if (pause == nullptr || !pause->draining) return;
  pause->draining = false;  // the Pause stays, so that no new message overtakes the waiting ones
  call_protocol(protocol, [&](port::Protocol& asked) { return asked.on_drain(who, now()); });
  go_on(protocol, who);
}

/// Handles a Release: the protocol has got the answer that it awaited.
void CoreThread::released(std::size_t protocol, port::ConnectionId who) {
  Pause* pause = pause_of(who);
  if (pause == nullptr || !pause->held) return;
  pause->held = false;
  port::Effect release = port::Release{who};
  deliver(who, release);
  if (const auto gone = std::exchange(pause->closed, std::nullopt)) return close(protocol, *gone);
  go_on(protocol, who);
}

/// Handles the waiting messages, until one of them makes the others wait again.
void CoreThread::go_on(std::size_t protocol, port::ConnectionId who) {
  for (Pause* pause = pause_of(who); pause != nullptr && pause->over(); pause = pause_of(who)) {
    if (pause->waiting.empty()) {
      paused_.erase(who);
      return;
    }
    const MessageInput said = std::move(pause->waiting.front());
    pause->waiting.pop_front();
    say(protocol, who, said.payload, said.binary);
    if (said.wants_barrier) outgoing_[who.shard].emplace_back(BarrierReached{who});
  }
}

/// Handles the end of a connection. If the client has disconnected, its earlier messages are still
/// handled. While the connection is held, these messages wait, and the call of on_close waits for
/// them. If the server closes the connection, on_close is called at once, and the waiting messages
/// are dropped.
void CoreThread::close(std::size_t protocol, const port::Closed& closed) {
  const port::ConnectionId who = closed.connection;
  if (!closed.by_server) {
    deliver_held_input(protocol, who);
    Pause* pause = pause_of(who);
    if (pause != nullptr && pause->held && closed.opened) {
      pause->closed = closed;
      return;
    }
  }
  paused_.erase(who);
  call_protocol(protocol, [&](port::Protocol& asked) { return asked.on_close(closed, now()); });
}

/// Handles the waiting messages of a client that has disconnected; answers to it are dropped.
void CoreThread::deliver_held_input(std::size_t protocol, port::ConnectionId who) {
  leaving_ = who;
  if (Pause* pause = pause_of(who)) pause->draining = false;
  call_protocol(protocol, [&](port::Protocol& asked) { return asked.on_gone(who, now()); });
  go_on(protocol, who);
  leaving_ = {};
}

/// Carries out the effects. If one of them fails, the others are carried out all the same.
void CoreThread::route(std::size_t protocol, port::Effects effects) {
  // Connections to release after the whole list has been carried out.
  std::vector<port::ConnectionId> free;
  for (port::Effect& effect : effects) {
    loop_.guarded([&] { route_one(protocol, effect, free); });
  }
  for (const port::ConnectionId who : free) released(protocol, who);
}

void CoreThread::route_one(std::size_t protocol, port::Effect& effect,
                           std::vector<port::ConnectionId>& free) {
  std::visit(port::Overloaded{
                 [&](port::Send& send) {
                   if (send.to == leaving_) return;
                   if (send.more && send.to.node == node_) paused_[send.to].draining = true;
                   deliver(send.to, effect);
                 },
                 [&](const port::Publish&) { to_all(effect); },
                 [&](const port::PublishUnion&) { to_all(effect); },
                 [&](const port::Subscribe& wish) { deliver(wish.who, effect); },
                 [&](const port::Unsubscribe& wish) { deliver(wish.who, effect); },
                 [&](const port::Close& close) { deliver(close.who, effect); },
                 [&](const port::FrameLimit& limit) { deliver(limit.who, effect); },
                 [&](const port::Respond& answer) { deliver(answer.to.connection, effect); },
                 [&](const port::AcceptUpgrade& word) { deliver(word.who, effect); },
                 [&](const port::Hold& hold) {
                   if (hold.who.node == node_) paused_[hold.who].held = true;
                   deliver(hold.who, effect);
                 },
                 [&](const port::Release& release) {
                   if (release.who.node != node_) return to_node(release.who.node, effect);
                   free.push_back(release.who);
                 },
                 [&](const auto&) { carry_out(protocol, effect); },
             },
             effect);
}

/// Delivers an effect. The node is checked first: an id of another node may have the shard, slot
/// and generation of a local connection.
void CoreThread::deliver(port::ConnectionId to, port::Effect& effect) {
  to.node == node_ ? to_shard(to.shard, effect) : to_node(to.node, effect);
}

void CoreThread::to_node(std::uint16_t node, const port::Effect& effect) {
  if (services_.post_to_node) return services_.post_to_node(node, effect);
  ++dropped_effects_;
}

void CoreThread::to_shard(std::size_t shard, port::Effect& effect) {
  if (static_cast<int>(shard) == local_) {
    apply_local(effect);
  } else if (shard < outgoing_.size()) {
    outgoing_[shard].emplace_back(std::move(effect));
  }
}

void CoreThread::to_all(port::Effect& effect) {
  for (std::size_t shard = 0; shard < outgoing_.size(); ++shard) {
    if (static_cast<int>(shard) != local_) outgoing_[shard].emplace_back(effect);
  }
  if (local_ >= 0) apply_local(effect);
}

void CoreThread::carry_out(std::size_t protocol, port::Effect& effect) {
  if (auto* wake = std::get_if<port::Wake>(&effect)) {
    wake_at(protocol, wake->steady_ms);
  } else if (auto* batch = std::get_if<port::Persist>(&effect)) {
    saves_.save(protocol, std::move(*batch));
  } else if (auto* question = std::get_if<port::Verify>(&effect)) {
    verify(protocol, std::move(*question));
  } else if (const auto* asked = std::get_if<port::Query>(&effect)) {
    ask(protocol, *asked);
  } else if (const auto* audit = std::get_if<port::Audit>(&effect)) {
    if (services_.audit) services_.audit(*audit);
  } else if (const auto* bans = std::get_if<port::BanList>(&effect)) {
    if (bar) bar(protocol, *bans);
  }
}

void CoreThread::verify(std::size_t protocol, port::Verify question) {
  services_.verify(std::move(question), [this, protocol](port::Verified verified) {
    asio::post(loop_.context(), [this, protocol, verified] {
      call_protocol(protocol,
                    [&](port::Protocol& asked) { return asked.on_verified(verified, now()); });
    });
  });
}

/// Answers a Query in a later handler, because the protocol is on the call stack now.
void CoreThread::ask(std::size_t protocol, port::Query question) {
  asio::post(loop_.context(), [this, protocol, question] {
    port::QueryResult answer = answer_to(question.question);
    answer.token = question.token;
    call_protocol(protocol,
                  [&](port::Protocol& asked) { return asked.on_query_result(answer, now()); });
  });
}

port::QueryResult CoreThread::answer_to(port::QueryKind question) const {
  if (question == port::QueryKind::Reload) {
    if (services_.reload) return services_.reload();
    return {0, false, {{"reload", "error", "this server has nothing to reload"}}};
  }
  port::QueryResult answer;
  if (net_stats) answer.stats = net_stats();
  if (services_.store != nullptr) add_stats(answer.stats, services_.store->status());
  add_process_stats(answer.stats);
  if (services_.stats) {
    for (port::Stat& stat : services_.stats()) answer.stats.push_back(std::move(stat));
  }
  return answer;
}

void CoreThread::wake_at(std::size_t protocol, std::int64_t steady_ms) {
  std::int64_t& wake = wakes_[protocol];
  if (wake == 0 || steady_ms < wake) wake = steady_ms;
  arm_timer();
}

void CoreThread::arm_timer() {
  std::int64_t earliest = 0;
  for (const std::int64_t wake : wakes_) {
    if (wake != 0 && (earliest == 0 || wake < earliest)) earliest = wake;
  }
  if (earliest == 0 || (timer_at_ != 0 && timer_at_ <= earliest)) return;
  timer_at_ = earliest;
  timer_.expires_at(std::chrono::steady_clock::time_point(std::chrono::milliseconds(earliest)));
  timer_.async_wait([this](const std::error_code& error) {
    if (!error) on_timer();
  });
}

void CoreThread::on_timer() {
  timer_at_ = 0;
  const port::Instant instant = now();
  for (std::size_t protocol = 0; protocol < protocols_.size(); ++protocol) {
    std::int64_t& wake = wakes_[protocol];
    if (wake == 0 || wake > instant.steady_ms) continue;
    wake = 0;
    call_protocol(protocol, [&](port::Protocol& asked) { return asked.on_tick(instant); });
  }
  arm_timer();
}

void CoreThread::turn_end() {
  if (!answered_.empty()) answered_.clear();
  for (std::size_t protocol = 0; protocol < protocols_.size(); ++protocol) {
    call_protocol(protocol, [](port::Protocol& asked) { return asked.on_turn_end(now()); });
  }
  for (std::size_t shard = 0; shard < outgoing_.size(); ++shard) {
    if (outgoing_[shard].empty()) continue;
    post_to_shard(shard, std::exchange(outgoing_[shard], {}));
  }
  if (on_loaded_ && all(&port::Protocol::has_begun)) std::exchange(on_loaded_, {})({});
  if (on_left_ && saves_.idle() && all(&port::Protocol::is_saved)) leave_store();
}

bool CoreThread::all(bool (port::Protocol::*is_so)() const) const {
  return std::all_of(protocols_.begin(), protocols_.end(),
                     [is_so](const port::Protocol* one) { return (one->*is_so)(); });
}

}  // namespace signaller::net
