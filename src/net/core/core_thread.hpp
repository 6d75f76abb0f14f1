// The core thread lives in this folder, with what it shares with the shards: options and
// statistics. It passes inputs to the protocols and their effects to the shards. No socket belongs
// here. Once the server runs, only this thread calls protocols, the world and the store.
#pragma once

#include <asio/steady_timer.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
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
  bool binary = false;         ///< true: a binary message
  bool wants_barrier = false;  ///< the shard does not read this connection until BarrierReached
};
struct DrainInput {
  port::ConnectionId who;
};
/// A request that the core answers by a BarrierReached, after the answers to all earlier messages.
struct BarrierInput {
  port::ConnectionId who;
};

/// The hold of a connection ends without a Release: the connection could not be held, or its
/// request or handshake is over.
struct UnheldInput {
  port::ConnectionId who;
};

using OpenedInput = std::unique_ptr<port::Opened>;
using HttpInput = std::unique_ptr<port::HttpRequest>;
using UpgradeInput = std::unique_ptr<port::UpgradeRequest>;

/// A message from a shard to the core: plain values, because the shard may run on another thread.
/// Large and rare values are held by pointer, so that the variant is small.
struct Input {
  std::size_t protocol = 0;  ///< index of the protocol
  std::variant<MessageInput, OpenedInput, port::Closed, HttpInput, UpgradeInput, DrainInput,
               BarrierInput, UnheldInput>
      value;
};

/// The core has handled the message or the BarrierInput: the shard may read the connection again.
struct BarrierReached {
  port::ConnectionId who;
};
/// A message from the core to a shard on another thread.
using ShardMessage = std::variant<port::Effect, BarrierReached>;

/// Functions of the process that the core calls. They may be std::functions, because all of them
/// are called rarely.
struct Services {
  port::Store* store = nullptr;
  /// Checks a password on another thread; the answer may come from any thread.
  std::function<void(port::Verify, std::function<void(port::Verified)>)> verify;
  std::function<void(const port::Audit&)> audit;
  /// Reads the configuration again. Called in its own handler, on the core's thread.
  std::function<port::QueryResult()> reload;
  /// Statistics of the process, except those of sockets and of the store. Called on the core's
  /// thread.
  std::function<std::vector<port::Stat>()> stats;
  /// Called when a WebSocket connection has opened or ended, on the core's thread, before the
  /// protocol with this index is told.
  std::function<void(std::size_t protocol, const port::Opened&)> opened;
  std::function<void(std::size_t protocol, const port::Closed&)> closed;
  /// Called on the core's thread when the store has been loaded or must not be used.
  std::function<void(const port::Restored&)> restored;
  /// Called before the protocols get the stored records.
  /// @returns why this server must not use them; empty: the server may use them
  std::function<std::string()> admit;
  /// Called on the core's thread for each event of the store.
  std::function<void(const port::StoreEvent&)> store_event;
  /// Takes an effect for a connection of another node, to carry it out there. Called on the core's
  /// thread. Unset: such effects are dropped and counted.
  std::function<void(std::uint16_t node, const port::Effect&)> post_to_node;
};

/// Passes inputs to the protocols. All calls come from the core's thread, unless a comment says
/// otherwise.
class CoreThread {
 public:
  /// @param loop   runs on the core's thread
  /// @param local  the shard on the same thread, or -1; its effects are applied at once
  CoreThread(Loop& loop, std::vector<port::Protocol*> protocols, Services services, int local);

  /// These functions carry effects to a shard: to the local shard at once, to other shards as a
  /// list at the end of a turn.
  std::function<void(port::Effect&)> apply_local;
  std::function<void(std::size_t, std::vector<ShardMessage>)> post_to_shard;
  /// Called when a protocol replaces its list of banned ranges.
  std::function<void(std::size_t protocol, const port::BanList&)> bar;
  void set_shards(std::size_t count) { outgoing_.resize(count); }
  /// Sets the number of this node, as in port::ConnectionId. Call it before the first input; 0 by
  /// default.
  void set_node(std::uint16_t node) { node_ = node; }
  /// The number of dropped effects for connections of other nodes, since the start. Any thread.
  [[nodiscard]] std::uint64_t dropped_effects() const { return dropped_effects_; }
  /// Returns the statistics of the shards and the listeners.
  std::function<std::vector<port::Stat>()> net_stats;

  void take(Input given);
  /// As `take` with a MessageInput, without copying the text: for the shard on this thread.
  void take_message(std::size_t protocol, port::ConnectionId from, std::string_view payload,
                    bool binary);
  void turn_end();
  /// Loads the store, before the listeners open. Calls `done` with the reason why the store must
  /// not be used; empty: the store may be used.
  void load(std::function<void(const std::string& error)> done);
  /// Called with the reason why the store accepts no batches; empty: the store accepts batches
  /// again.
  std::function<void(const std::string& why)> on_store_problem;
  /// Called when another server has taken over the store.
  std::function<void(const std::string& why)> on_fenced;
  /// Calls on_shutdown of all protocols. Calls `done` with `saved` true when everything is stored
  /// and another server may use the store, or with false after `patience`.
  void shutdown(std::chrono::milliseconds patience, std::function<void(bool saved)> done);

  static port::Instant now();
  /// Whether stored records outlive the process.
  [[nodiscard]] bool is_durable() const {
    return services_.store != nullptr && services_.store->status().durable;
  }

 private:
  /// The waiting messages of one connection, and why they wait.
  struct Pause {
    bool draining = false;  ///< a long reply is being written
    /// the protocol has asked the edge something and takes no message before the answer
    bool held = false;
    std::deque<MessageInput> waiting;
    /// The end of the connection, which the protocol learns after the waiting messages.
    std::optional<port::Closed> closed;
    [[nodiscard]] bool over() const { return !draining && !held; }
  };

  /// Calls a protocol and carries out the effects. An exception ends this call and nothing else.
  /// @param call  port::Effects(port::Protocol&)
  /// @returns whether the call has ended without an exception
  template <class Call>
  bool call_protocol(std::size_t protocol, const Call& call) {
    return loop_.guarded([&] { route(protocol, call(*protocols_[protocol])); });
  }
  void input(Input input);
  void message(std::size_t protocol, port::ConnectionId from, std::string_view payload,
               bool binary);
  void say(std::size_t protocol, port::ConnectionId from, std::string_view payload, bool binary);
  void open(std::size_t protocol, const port::Opened& opened);
  void request(std::size_t protocol, const port::HttpRequest& asked);
  void upgrade(std::size_t protocol, const port::UpgradeRequest& asked);
  void fail_request(std::size_t protocol, port::RequestId id);
  void route(std::size_t protocol, port::Effects effects);
  void route_one(std::size_t protocol, port::Effect& effect, std::vector<port::ConnectionId>& free);
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
  void refuse_late(std::size_t protocol, const port::HttpRequest& asked);
  void unhold(port::ConnectionId who);
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
  std::vector<std::int64_t> wakes_;  ///< next wake of each protocol; 0: none
  asio::steady_timer timer_;
  std::int64_t timer_at_ = 0;
  std::unordered_map<port::ConnectionId, Pause> paused_;
  bool shut_down_ = false;  ///< on_shutdown has been called: requests are answered with 503
  /// A client that has disconnected, whose last messages are handled now.
  port::ConnectionId leaving_;
  std::function<void(const std::string&)> on_loaded_;  ///< the `done` of load()
  /// The `done` of shutdown().
  std::function<void(bool)> on_left_;
  asio::steady_timer patience_;
  /// Bytes of the answers of this turn, by connection. A connection with too many such bytes waits
  /// until its answers are written.
  std::unordered_map<port::ConnectionId, std::size_t> answered_;
};

}  // namespace signaller::net
