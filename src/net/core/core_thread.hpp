// The one thread that owns the world: passes inputs to the protocols and their effects to the
// shards.
#pragma once

#include <asio/steady_timer.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "net/core/store_queue.hpp"
#include "net/system/loop.hpp"
#include "port/protocol.hpp"

namespace signaller::net {

struct MessageInput {
  port::ConnectionId from;
  std::string payload;
  bool binary = false;         ///< not text
  bool wants_barrier = false;  ///< the shard reads no further before it has a Heard
};
struct DrainInput {
  port::ConnectionId who;
};
/// Answered by a Heard, behind the answers to all that was said before.
struct BarrierInput {
  port::ConnectionId who;
};

/// What a shard tells the core: plain values, so that a shard may be another thread.
struct Input {
  std::size_t protocol = 0;  ///< index
  std::variant<port::Opened, MessageInput, port::Closed, port::HttpRequest, DrainInput,
               BarrierInput>
      value;
};

/// A message that asked for it has been acted on: its connection may be read further.
struct BarrierReached {
  port::ConnectionId who;
};
/// What the core tells a shard on another thread.
using ShardMessage = std::variant<port::Effect, BarrierReached>;

/// What the process does for the core beside sockets. std::function: called at the edge.
struct Services {
  port::Store* store = nullptr;
  /// Checks a password elsewhere; the answer may come from any thread.
  std::function<void(port::Verify, std::function<void(port::Verified)>)> verify;
  std::function<void(const port::Audit&)> audit;
  /// Reads the configuration anew; called in an input of its own, on the core's thread.
  std::function<port::QueryResult()> reload;
  /// What the process has counted beside sockets and the store. The core's thread.
  std::function<std::vector<port::Stat>()> stats;
  /// A WebSocket connection has begun, or ended; on the core's thread, before the protocol (its
  /// index is given) hears of it.
  std::function<void(std::size_t protocol, const port::Opened&)> opened;
  std::function<void(std::size_t protocol, const port::Closed&)> closed;
  /// What the store held has been read, or must not be used; on the core's thread.
  std::function<void(const port::Restored&)> restored;
  /// Before what is stored is taken: why this server must not use it. Empty: it may.
  std::function<std::string()> admit;
  /// The store says something by itself; on the core's thread.
  std::function<void(const port::StoreEvent&)> store_event;
  /// Takes an effect that names a connection of another node, to carry it out there; on the core's
  /// thread. Unset: such effects are dropped and counted.
  std::function<void(std::uint16_t node, const port::Effect&)> post_to_node;
};

/// All calls on the core's thread, unless said otherwise.
class CoreThread {
 public:
  /// @param loop   whose thread is the core's
  /// @param local  the shard that shares that thread, or -1: its effects are applied at once
  CoreThread(Loop& loop, std::vector<port::Protocol*> protocols, Services services, int local);

  /// How effects reach shard `i`: at once, for the local one, or as a list at the end of a turn.
  std::function<void(port::Effect&)> apply_local;
  std::function<void(std::size_t, std::vector<ShardMessage>)> post_to_shard;
  /// A protocol says who may not connect.
  std::function<void(std::size_t protocol, const port::BanList&)> bar;
  void set_shards(std::size_t count) { outgoing_.resize(count); }
  /// The number of this node, as in port::ConnectionId. Before the first input; 0 by default.
  void set_node(std::uint16_t node) { node_ = node; }
  /// Effects for connections of other nodes that nobody took, since start. Any thread.
  [[nodiscard]] std::uint64_t dropped_effects() const { return dropped_effects_; }
  /// What the shards and the listeners have counted.
  std::function<std::vector<port::Stat>()> net_stats;

  void take(Input given);
  /// As a MessageInput, without a copy: for the shard on this thread.
  void take_message(std::size_t protocol, port::ConnectionId from, std::string_view payload,
                    bool binary);
  void turn_end();
  /// Reads what was stored, before anybody comes; `done` with why it must not be used, or empty.
  void load(std::function<void(const std::string& error)> done);
  /// Why the store takes nothing from now on; empty: it does again.
  std::function<void(const std::string& why)> on_store_problem;
  /// Another server has taken over the store.
  std::function<void(const std::string& why)> on_fenced;
  /// The protocols say their last words; `done` when all is stored and the store is free for
  /// another server (`saved`), or after `patience`.
  void shutdown(std::chrono::milliseconds patience, std::function<void(bool saved)> done);

  static port::Instant now();
  /// Whether what is stored survives the process.
  [[nodiscard]] bool is_durable() const {
    return services_.store != nullptr && services_.store->status().durable;
  }

 private:
  /// Why a connection is not heard now, and what it said meanwhile.
  struct Pause {
    bool draining = false;  ///< a long reply is being written
    bool held = false;      ///< the protocol awaits an answer from elsewhere
    std::deque<MessageInput> waiting;
    std::optional<port::Closed> closed;  ///< its client has gone: told after what it said
    [[nodiscard]] bool over() const { return !draining && !held; }
  };

  /// An exception ends what its input began, and nothing else.
  template <class Action>
  void guarded(Action action) {
    try {
      action();
    } catch (const std::exception& error) {
      if (loop_.on_error) loop_.on_error(error.what());
    }
  }
  void input(Input input);
  void message(std::size_t protocol, port::ConnectionId from, std::string_view payload,
               bool binary);
  void say(std::size_t protocol, port::ConnectionId from, std::string_view payload, bool binary);
  void route(std::size_t protocol, port::Effects effects);
  void bound_answers(port::ConnectionId from, port::Effects& effects);
  void deliver(port::ConnectionId to, port::Effect& effect);
  void to_node(std::uint16_t node, const port::Effect& effect);
  void to_shard(std::size_t shard, port::Effect& effect);
  void to_all(port::Effect& effect);
  void carry_out(std::size_t protocol, port::Effect& effect);
  void wake_at(std::size_t protocol, std::int64_t steady_ms);
  void arm_timer();
  void on_timer();
  void hear(std::size_t protocol, MessageInput said);
  void drained(std::size_t protocol, port::ConnectionId who);
  void released(std::size_t protocol, port::ConnectionId who);
  void go_on(std::size_t protocol, port::ConnectionId who);
  void close(std::size_t protocol, const port::Closed& closed);
  void deliver_held_input(std::size_t protocol, port::ConnectionId who);
  [[nodiscard]] Pause* pause_of(port::ConnectionId who);
  void heed(const port::StoreEvent& event);
  void take_restored(port::Restored& restored);
  void leave_store();
  [[nodiscard]] bool all(bool (port::Protocol::*is_so)() const) const;
  void verify(std::size_t protocol, port::Verify question);
  void ask(std::size_t protocol, port::Query question);
  [[nodiscard]] port::QueryResult answer_to(port::QueryKind question) const;

  Loop& loop_;
  std::vector<port::Protocol*> protocols_;
  Services services_;
  int local_;
  std::uint16_t node_ = 0;
  std::atomic<std::uint64_t> dropped_effects_{0};
  StoreQueue saves_;
  std::vector<std::vector<ShardMessage>> outgoing_;
  std::vector<std::int64_t> wakes_;  ///< for each protocol; 0: none
  asio::steady_timer timer_;
  std::int64_t timer_at_ = 0;
  std::unordered_map<port::ConnectionId, Pause> paused_;
  port::ConnectionId leaving_;                         ///< whose last words are being heard
  std::function<void(const std::string&)> on_loaded_;  ///< set: the server begins
  std::function<void(bool)> on_left_;  ///< set: the server ends, and waits for the store
  asio::steady_timer patience_;
  /// Bytes that this turn has answered to whom; one who asks for much waits until it is written.
  std::unordered_map<port::ConnectionId, std::size_t> answered_;
};

}  // namespace signaller::net
