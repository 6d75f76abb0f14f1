// The core thread: passes inputs to the protocols and their effects to the shards. Only this thread
// calls protocols, the world and the store.
#pragma once

#include <asio/steady_timer.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
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
  bool wants_barrier = false;  ///< the shard reads no further before it gets a BarrierReached
};
struct DrainInput {
  port::ConnectionId who;
};
/// Answered by a BarrierReached, after the answers to all messages before it.
struct BarrierInput {
  port::ConnectionId who;
};

using OpenedInput = std::unique_ptr<port::Opened>;
using HttpInput = std::unique_ptr<port::HttpRequest>;
using UpgradeInput = std::unique_ptr<port::UpgradeRequest>;

/// A message from a shard to the core: plain values, because a shard may be another thread. Large
/// and rare values are held by pointer, so that messages are small.
struct Input {
  std::size_t protocol = 0;  ///< index
  std::variant<MessageInput, OpenedInput, port::Closed, HttpInput, UpgradeInput, DrainInput,
               BarrierInput>
      value;
};

/// The core has handled the message or the BarrierInput: the connection may be read again.
struct BarrierReached {
  port::ConnectionId who;
};
/// A message from the core to a shard on another thread.
using ShardMessage = std::variant<port::Effect, BarrierReached>;

/// The functions that the process offers to the core, apart from sockets. std::function: called at
/// the edge.
struct Services {
  port::Store* store = nullptr;
  /// Checks a password on a thread of its own; the answer may come from any thread.
  std::function<void(port::Verify, std::function<void(port::Verified)>)> verify;
  std::function<void(const port::Audit&)> audit;
  /// Reads the configuration again; called in an input of its own, on the core's thread.
  std::function<port::QueryResult()> reload;
  /// The counts of the process, apart from sockets and the store. The core's thread.
  std::function<std::vector<port::Stat>()> stats;
  /// A WebSocket connection has begun, or ended; on the core's thread, before the protocol with
  /// this index is told.
  std::function<void(std::size_t protocol, const port::Opened&)> opened;
  std::function<void(std::size_t protocol, const port::Closed&)> closed;
  /// The store has been read, or must not be used; on the core's thread.
  std::function<void(const port::Restored&)> restored;
  /// Called before the protocols get the stored records.
  /// @returns why this server must not use them; empty: it may
  std::function<std::string()> admit;
  /// The store reports an event; on the core's thread.
  std::function<void(const port::StoreEvent&)> store_event;
  /// Takes an effect that names a connection of another node, to carry it out there; on the core's
  /// thread. Unset: such effects are dropped and counted.
  std::function<void(std::uint16_t node, const port::Effect&)> post_to_node;
};

/// All calls on the core's thread, unless said otherwise.
class CoreThread {
 public:
  /// @param loop   its thread is the core's thread
  /// @param local  the shard on the same thread, or -1; its effects are applied at once
  CoreThread(Loop& loop, std::vector<port::Protocol*> protocols, Services services, int local);

  /// Carry effects to a shard: to the local one at once, to another one as a list at the end of a
  /// turn.
  std::function<void(port::Effect&)> apply_local;
  std::function<void(std::size_t, std::vector<ShardMessage>)> post_to_shard;
  /// A protocol replaces its list of ranges that may not connect.
  std::function<void(std::size_t protocol, const port::BanList&)> bar;
  void set_shards(std::size_t count) { outgoing_.resize(count); }
  /// The number of this node, as in port::ConnectionId. Before the first input; 0 by default.
  void set_node(std::uint16_t node) { node_ = node; }
  /// Effects for connections of other nodes that nobody took, since start. Any thread.
  [[nodiscard]] std::uint64_t dropped_effects() const { return dropped_effects_; }
  /// The counts of the shards and the listeners.
  std::function<std::vector<port::Stat>()> net_stats;

  void take(Input given);
  /// As `take` with a MessageInput, without a copy: for the shard on this thread.
  void take_message(std::size_t protocol, port::ConnectionId from, std::string_view payload,
                    bool binary);
  void turn_end();
  /// Reads the store, before the listeners open. Calls `done` with the reason why the store must
  /// not be used; empty: it may be used.
  void load(std::function<void(const std::string& error)> done);
  /// Why the store accepts nothing from now on; empty: it accepts batches again.
  std::function<void(const std::string& why)> on_store_problem;
  /// Another server has taken over the store.
  std::function<void(const std::string& why)> on_fenced;
  /// Calls on_shutdown of all protocols. Calls `done` with `saved` true when everything is stored
  /// and the store is free for another server, or with false after `patience`.
  void shutdown(std::chrono::milliseconds patience, std::function<void(bool saved)> done);

  static port::Instant now();
  /// Whether stored records survive the process.
  [[nodiscard]] bool is_durable() const {
    return services_.store != nullptr && services_.store->status().durable;
  }

 private:
  /// Why the messages of a connection wait, and these messages.
  struct Pause {
    bool draining = false;  ///< a long reply is being written
    bool held = false;      ///< the protocol awaits an answer from elsewhere
    std::deque<MessageInput> waiting;
    std::optional<port::Closed> closed;  ///< its end, which is told after its messages
    [[nodiscard]] bool over() const { return !draining && !held; }
  };

  /// An exception ends the handling of its input, and nothing else.
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
  port::ConnectionId leaving_;  ///< the client that has gone: its last messages are handled now
  std::function<void(const std::string&)> on_loaded_;  ///< set while the server starts
  std::function<void(bool)> on_left_;  ///< set while the server ends and waits for the store
  asio::steady_timer patience_;
  /// Bytes of the answers of this turn, by connection. A connection that was sent many waits until
  /// they are written.
  std::unordered_map<port::ConnectionId, std::size_t> answered_;
};

}  // namespace signaller::net
