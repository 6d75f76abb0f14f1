// Shards live in this folder: a shard reads and writes the connections of one thread and carries
// out the core's effects. Nothing here may call a protocol: inputs go to the core. All of a shard
// runs on its own thread.
#pragma once

#include <array>
#include <asio/steady_timer.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/core/core_thread.hpp"
#include "net/core/options.hpp"
#include "net/core/statistics.hpp"
#include "net/fanout/fanout.hpp"
#include "net/http/origin.hpp"
#include "net/http/response.hpp"
#include "net/shard/connection.hpp"
#include "net/system/loop.hpp"

namespace signaller::net {

/// State that all shards share. Any thread may use the atomics.
struct Shared {
  ServerOptions options;
  HeldBytes held{0};
  std::atomic<std::size_t> connections{0};
  /// The number of connections that the limit of descriptors allows; set before the shards start.
  std::size_t possible_connections = std::numeric_limits<std::size_t>::max();
  std::atomic<std::size_t> unfinished{0};  ///< bytes of all unfinished messages
  std::atomic<bool> ready{false};
  std::atomic<bool> leaving{false};      ///< the server shuts down: requests are answered with 503
  std::atomic<bool> memory_full{false};  ///< resident memory is above the watermark
  std::atomic<bool> durable{false};      ///< the store outlives the process
  std::atomic<bool> degraded{false};     ///< the store does not accept batches now
  std::mutex store_mutex;
  std::string store_problem;              ///< the store's problem; guarded by the mutex
  std::atomic<std::size_t> watermark{0};  ///< bytes of memory above which new clients are refused
  AdmissionCounts admissions;
  Admission admission;
};

/// How a shard passes inputs to the core. Exactly one of the two members is set.
struct CoreLink {
  CoreThread* local = nullptr;  ///< the core on this thread
  /// Posts to the core on another thread, once a turn.
  std::function<void(std::vector<Input>)> post;
};

/// All calls come from the shard's own thread. Only end_turn() and completions of waits destroy
/// connections: no function destroys a connection that it was given.
class Shard : private Wire {
 public:
  Shard(std::uint16_t number, Loop& loop, Shared& shared, CoreLink core);
  ~Shard() override;

  /// Takes ownership of an accepted socket.
  void adopt(AcceptedSocket accepted);
  void apply(const port::Effect& effect);
  void obey(const ShardMessage& order);
  /// Passes the inputs of this turn to the core.
  void hand_over();
  /// Writes all pending frames, then handles the connections that have ended meanwhile.
  void end_turn();
  /// Closes all connections with `code`. New sockets are not accepted any more.
  /// @param reason  called for each connection
  void close_all(std::uint16_t code, const std::function<std::string()>& reason);

  /// Sets new bounds and times. Deadlines that already run do not change.
  void tune(const Tuning& tuning);

  [[nodiscard]] std::size_t size() const { return count_; }
  /// The counters. Any thread.
  [[nodiscard]] const ShardCounts& counts() const { return shown_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Slot {
    std::unique_ptr<Connection> connection;
    std::uint32_t generation = 0;
  };
  struct Deadline {
    Clock::time_point at;
    port::ConnectionId who;
  };
  /// Deadlines in order: all entries of a list have the same duration, so appending keeps the
  /// order. After a reload with another duration, some entries may fire late.
  struct Deadlines {
    explicit Deadlines(asio::io_context& context) : timer(context) {}
    std::deque<Deadline> list;
    asio::steady_timer timer;
    bool armed = false;
  };

  // shard.cpp: slots, effects, turns
  Connection* find(port::ConnectionId id);
  Connection* own(port::ConnectionId id);
  [[nodiscard]] port::ConnectionId id_of(const Subscriber& link) const;
  void publish(const port::Publish& effect);
  void publish_union(const port::PublishUnion& effect);
  void begin_arrival(Connection& connection);
  void settle();
  void show_counts();
  void show_codes();
  void destroy(Connection& connection);
  Input& tell(const Connection& connection);

  // shard_transport.cpp: plain sockets or TLS, and the Wire of the fan-out; destroys no connection
  static constexpr std::ptrdiff_t NothingNow = -1;
  std::ptrdiff_t receive(Connection& connection);
  bool secure(Connection& connection);
  void on_writable(Connection& connection);
  void shut_sending(Connection& connection);
  std::ptrdiff_t write(Subscriber& link, const iovec* parts, int count) override;
  void want_writable(Subscriber& link) override;
  void broken(Subscriber& link) override;
  void too_slow(Subscriber& link) override;
  void drained(Subscriber& link) override;

  // shard_arrival.cpp: address of the client, admission
  bool read_proxy_header(Connection& connection);
  void on_proxy_header(Connection& connection, const ClientAddress& source);
  void identify(Connection& connection, const Request& request);
  void admit(Connection& connection);
  [[nodiscard]] static Scheme scheme_of(const Connection& connection, const Request& request);
  void answer(Connection& connection, const ConnectionRefusal& refusal);

  // shard_read.cpp: reading
  void arm_read(Connection& connection);
  void on_readable(port::ConnectionId id);
  /// Returns false if nothing more can be read now.
  bool read_some(Connection& connection);
  bool feed(Connection& connection, char* bytes, std::size_t size);
  bool feed_frames(Connection& connection, char* bytes, std::size_t size);
  static std::string frame_problem(const Connection& connection);
  void on_message(Connection& connection, Message& message);
  void pass_on(Connection& connection, Message& message);
  void keep_unread(Connection& connection, const char* bytes, std::size_t size);
  void on_end_of_input(Connection& connection);
  void resume(Connection& connection);
  void read_on(Connection& connection);

  // shard_request.cpp: HTTP requests, one after the other
  bool feed_request(Connection& connection, char* bytes, std::size_t size);
  void begin_request(Connection& connection);
  void count_request(Connection& connection);
  void release_request(Connection& connection);
  void on_request(Connection& connection, const Request& request);
  void serve(Connection& connection, const Request& request);
  [[nodiscard]] HttpResponse health_of(const std::string& path) const;
  void on_http(Connection& connection, const Request& request);
  void respond(Connection& connection, const port::Respond& effect);
  void hold(port::ConnectionId who);
  void drop_hold(Connection& connection);
  void answer(Connection& connection, HttpResponse answer, bool keep = false);
  [[nodiscard]] bool may_keep(const Connection& connection) const;
  [[nodiscard]] bool is_short_of_connections() const;
  void next_request(Connection& connection);
  void end_idle();

  // shard_upgrade.cpp: from a request to a WebSocket connection
  void fill(port::HttpRequest& out, const Connection& connection, const Request& request) const;
  void on_upgrade(Connection& connection, const Request& request);
  void refuse_early_bytes(Connection& connection);
  void accept_upgrade(const port::AcceptUpgrade& effect);
  void upgrade(Connection& connection, const port::ResponseHeaders& headers);
  void open(Connection& connection, const Request& request);

  // shard_close.cpp: ends of connections
  bool waits_for_answers(Connection& connection, Ending ending);
  void on_barrier_reached(Connection& connection);
  void on_close_frame(Connection& connection, const std::string& payload);
  void begin_close(Connection& connection, std::uint16_t code, const std::string& reason);
  void refuse(Connection& connection, std::uint16_t code, const std::string& reason);
  void fail(Connection& connection, std::uint16_t code, const std::string& reason);
  void lose(Connection& connection);
  void finish(Connection& connection);
  void announce_end(Connection& connection, std::uint16_t code, bool by_server);
  void expect_within(Deadlines& deadlines, std::chrono::milliseconds time,
                     const Connection& connection);
  void expect_request(Deadlines& deadlines, std::chrono::milliseconds time, Connection& connection);
  void arm(Deadlines& deadlines);
  void on_deadlines(Deadlines& deadlines);
  void on_deadline(const Deadlines& deadlines, const Deadline& entry);
  void request_overdue(Connection& connection);
  void end_overdue(Connection& connection);

  // shard_beat.cpp: pings, read rate, unfinished messages, memory of requests
  void arm_beat();
  void on_beat();
  void look_after(Connection& connection);
  void count_read(Connection& connection, std::size_t bytes);
  void note_message(Connection& connection, bool fresh);
  void end_oldest_messages(Connection& grown);
  void end_message(Connection& connection);
  void resume_next();
  void message_overdue(Connection& connection);
  void make_room(Connection* grown);
  void end_for_room(Connection& connection);

  std::uint16_t number_;
  Loop& loop_;
  Shared& shared_;
  CoreLink core_;
  Fanout fanout_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::size_t count_ = 0;
  bool closing_all_ = false;
  std::vector<Input> inputs_;
  std::vector<port::ConnectionId> broken_;
  std::vector<port::ConnectionId> slow_;
  std::vector<port::ConnectionId> drained_;
  std::vector<port::ConnectionId> lost_;
  std::vector<port::ConnectionId> released_;
  std::vector<port::ConnectionId> paused_;
  std::deque<port::ConnectionId> resumed_;  ///< connections that were paused and may continue
  Tuning tuning_;
  OriginRule origins_;
  std::uint64_t refused_ = 0;
  std::uint64_t stale_answers_ = 0;
  std::uint64_t messages_read_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t tls_failures_ = 0;
  CodeCounts<CloseCodes.size()> closes_{CloseCodes};
  CodeCounts<HttpStatus.size()> answers_{HttpStatus};
  ShardCounts shown_;
  Deadlines handshakes_;
  Deadlines idle_;  ///< kept connections that wait for a request
  Deadlines endings_;
  Deadlines messages_;
  asio::steady_timer beat_timer_;
  std::chrono::milliseconds beat_length_{250};
  std::uint32_t beat_ = 1;
  std::size_t requests_ = 0;    ///< bytes that all arrivals hold
  std::size_t unfinished_ = 0;  ///< bytes that all unfinished messages hold
  std::array<char, 64UL * 1024> received_{};
};

}  // namespace signaller::net
