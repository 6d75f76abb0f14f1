// A thread's share of the connections: reads and writes them, and carries the core's effects out.
#pragma once

#include <array>
#include <asio/steady_timer.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/core/core_thread.hpp"
#include "net/core/options.hpp"
#include "net/core/statistics.hpp"
#include "net/fanout/fanout.hpp"
#include "net/http/origin.hpp"
#include "net/shard/connection.hpp"
#include "net/system/loop.hpp"

namespace signaller::net {

/// What all shards share. The atomics may be touched by any thread.
struct Shared {
  ServerOptions options;
  HeldBytes held{0};
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> unfinished{0};  ///< bytes of all messages that are not whole yet
  std::atomic<bool> ready{false};
  std::atomic<bool> memory_full{false};  ///< the watermark is passed
  std::atomic<bool> durable{false};      ///< the store outlives the process
  std::atomic<bool> degraded{false};     ///< the store takes nothing now
  std::mutex store_mutex;
  std::string store_problem;              ///< why; under the mutex
  std::atomic<std::size_t> watermark{0};  ///< in bytes
  AdmissionCounts admissions;
  Admission admission;
};

/// Where a shard's inputs go. Exactly one of the two ways is used.
struct RecordingAdmission {
  CoreThread* local = nullptr;                   ///< on this thread
  std::function<void(std::vector<Input>)> post;  ///< to another thread, once a turn
};

/// All calls on the shard's own thread. Connections are destroyed only by end_turn() and by
/// completions of waits, never inside a call that was handed one.
class Shard : private Wire {
 public:
  Shard(std::uint16_t number, Loop& loop, Shared& shared, RecordingAdmission admission);
  ~Shard() override;

  /// Takes a socket that was accepted.
  void adopt(AcceptedSocket accepted);
  void apply(const port::Effect& effect);
  void obey(const ShardMessage& order);
  /// What the connections had to tell goes to the core.
  void hand_over();
  /// Writes what is pending and sees to the connections that this has ended.
  void end_turn();
  /// Everybody is sent `code`; new connections are no longer taken.
  /// @param reason  called for each connection
  void close_all(std::uint16_t code, const std::function<std::string()>& reason);

  /// New bounds and times, from here on. What waits already keeps its deadline.
  void tune(const Tuning& tuning);

  [[nodiscard]] std::size_t size() const { return count_; }
  /// Any thread.
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
  /// In order by itself, since all in one list have the same time (but for a reload: then those
  /// after it may be a little late).
  struct Deadlines {
    explicit Deadlines(asio::io_context& context) : timer(context) {}
    std::deque<Deadline> list;
    asio::steady_timer timer;
    bool armed = false;
  };

  // shard.cpp: places, effects, turns
  Connection* find(port::ConnectionId id);
  Connection* own(port::ConnectionId id);
  [[nodiscard]] port::ConnectionId id_of(const Subscriber& link) const;
  void publish(const port::Publish& effect);
  void publish_union(const port::PublishUnion& effect);
  void settle();
  void show_counts();
  void show_codes();
  void destroy(Connection& connection);
  Input& tell(const Connection& connection);

  // shard_transport.cpp: plain or TLS, and what the fan-out asks for (Wire); nothing here destroys
  // a connection
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

  // shard_arrival.cpp: who it is, and whether it may come
  bool read_proxy_header(Connection& connection);
  void on_proxy_header(Connection& connection, const port::AddressRange& source);
  void identify(Connection& connection, const Request& request);
  void admit(Connection& connection);
  [[nodiscard]] static Scheme scheme_of(const Connection& connection, const Request& request);
  void answer(Connection& connection, const ConnectionRefusal& refusal);

  // shard_read.cpp: bytes in
  void arm_read(Connection& connection);
  void on_readable(port::ConnectionId id);
  /// False if nothing more can be read now.
  bool read_some(Connection& connection);
  bool feed(Connection& connection, char* bytes, std::size_t size);
  bool feed_request(Connection& connection, char* bytes, std::size_t size);
  bool feed_frames(Connection& connection, char* bytes, std::size_t size);
  static std::string frame_problem(const Connection& connection);
  void on_message(Connection& connection, Message& message);
  void pass_on(Connection& connection, Message& message);
  void on_request(Connection& connection, const Request& request);
  [[nodiscard]] HttpResponse health_of(const std::string& path) const;
  void on_get(Connection& connection, const Request& request, const Route& route);
  void on_upgrade(Connection& connection, const Request& request, const Route& route);
  void open(Connection& connection, const Request& request);
  void answer(Connection& connection, const HttpResponse& answer);
  void on_end_of_input(Connection& connection);
  void resume(Connection& connection);
  void read_on(Connection& connection);

  // shard_close.cpp: ends
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
  void arm(Deadlines& deadlines);
  void on_deadlines(Deadlines& deadlines);
  void on_deadline(const Deadlines& deadlines, Connection& connection);
  void request_overdue(Connection& connection);
  void end_overdue(Connection& connection);

  // shard_beat.cpp: who is alive, who says too much, who never ends
  void arm_beat();
  void on_beat();
  void look_after(Connection& connection);
  void count_read(Connection& connection, std::size_t bytes);
  void note_message(Connection& connection, bool fresh);
  void end_oldest_messages(Connection& grown);
  void end_message(Connection& connection);
  void resume_next();
  void message_overdue(Connection& connection);
  void make_room();

  std::uint16_t number_;
  Loop& loop_;
  Shared& shared_;
  RecordingAdmission admission_;
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
  std::deque<port::ConnectionId> resumed_;  ///< that were paused, and may go on
  Tuning tuning_;
  OriginRule origins_;
  std::uint64_t refused_ = 0;
  std::uint64_t messages_read_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t tls_failures_ = 0;
  CodeCounts<CloseCodes.size()> closes_{CloseCodes};
  CodeCounts<HttpStatus.size()> answers_{HttpStatus};
  ShardCounts shown_;
  Deadlines handshakes_;
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
