// The durable store lives in this folder: connection, lease, loading and write-behind to Redis. The
// stored form of records belongs to format/, and offline tools to tools/. Everything runs on the
// thread of the loop that the store is attached to.
// docs/redis.rst describes the layout and the behaviour on each failure.
#pragma once

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "persist/format/keys.hpp"
#include "persist/redis/batch_writer.hpp"
#include "persist/redis/key_index_reader.hpp"
#include "persist/redis/lease.hpp"
#include "persist/redis/lease_taker.hpp"
#include "persist/redis/loader.hpp"
#include "persist/redis/poison_finder.hpp"
#include "persist/redis/redis_handshake.hpp"
#include "persist/redis/redis_link.hpp"
#include "persist/redis/redis_options.hpp"
#include "persist/redis/timer.hpp"
#include "port/store.hpp"
#include "port/time.hpp"

namespace signaller::persist {

/// A store in Redis. Must not be destroyed inside one of its callbacks, except that of close(). The
/// process must ignore SIGPIPE.
///
/// While Redis is unusable, the store keeps reconnecting, and load() waits. Every write is fenced
/// by a lease: of two servers on one prefix only one can write.
class RedisStore final : public port::Store {
 public:
  using OnWarning = std::function<void(const std::string&)>;

  /// @param random  spreads reconnects over time; must outlive the store
  RedisStore(RedisOptions options, port::Random& random);
  ~RedisStore() override;

  /// Call once, before all other methods. The loop must outlive the store.
  void attach(asio::io_context& loop);

  /// Acquires the lease, then loads all records. Takes up to 1.25 times the time to live of the
  /// lease if another server holds it. on_warning reports errors of Redis meanwhile.
  void load(const OnRestored& done) override;
  /// Fails at once if the store is not ready, closed or fenced, or if a batch is pending.
  void save(std::vector<port::Record> records, std::uint64_t token, const OnStored& done) override;
  /// Finishes the pending batch, releases the lease and disconnects. Bounded by the timeout of
  /// Redis. A pending load ends with an error.
  void close(const OnClosed& done) override;
  /// The present state of the store.
  [[nodiscard]] port::StoreStatus status() const override;

  /// Called with one line for operators: an unsafe setting of Redis, a record that was not written,
  /// or the reason why load() still waits.
  OnWarning on_warning;
  /// Called when the first batch after Away has been stored.
  std::function<void()> on_back;

 private:
  using Clock = std::chrono::steady_clock;
  enum class Phase : std::uint8_t {
    New,         ///< load() was not called
    Connecting,  ///< connecting and acquiring the lease
    Loading,     ///< loading; this process holds the lease
    Ready,
    Away,   ///< waiting for the next connection attempt
    Ended,  ///< closed, fenced or unusable
  };
  struct PendingBatch {
    std::uint64_t token = 0;
    std::size_t count = 0;
    std::vector<port::Record> records;
    OnStored done;
    Clock::time_point begun;
  };

  // Steps of one connection, in this order (redis_session.cpp).
  void connect();
  void handshake_done(const RedisHandshake& handshake);
  void leased(const LeaseResult& result);
  void begin_load();
  void loaded(LoadedStore loaded);
  void check_filled(const RedisReply& filled);
  void read_key_index();
  void key_index_read(KeyIndexResult key_index_read);
  void lost(const std::string& why);
  void reconnect(const std::string& why);
  void retry();
  void refuse(const std::string& why);
  void become_ready(bool incomplete, port::StoredNames names = {});
  void fence(const std::string& holder);
  void report_fenced(const std::string& holder);
  void end();

  // Writing (redis_store.cpp).
  void write(std::vector<port::Record> records);
  void written(const BatchResult& result);
  void batch_stored(const BatchResult& result);
  void set_problem(const std::string& why);
  void complete_batch(bool ok, const std::vector<std::string>& left_out = {});
  void renew_later();
  void release();
  [[nodiscard]] std::vector<Argv> header_writes() const;
  [[nodiscard]] std::string filled_value() const;
  void destroy_steps();
  void warn(const std::string& what);
  void emit(port::StoreEvent::Kind kind, const std::string& why);
  /// Destroys a step in a later handler, because its methods may be on the call stack.
  template <class Step>
  void destroy_later(std::unique_ptr<Step>& step) {
    if (step) asio::post(link_->loop(), [done = std::move(step)] {});
  }

  const RedisOptions options_;
  const Keys keys_;
  const Lease lease_;
  port::Random& random_;
  std::unique_ptr<RedisLink> link_;
  std::unique_ptr<Timer> retry_;
  std::unique_ptr<Timer> renewal_;

  Phase phase_ = Phase::New;
  unsigned attempts_ = 0;              ///< connection attempts since the last stored batch
  std::vector<std::string> warnings_;  ///< warnings of the last handshake
  std::string run_id_;                 ///< run_id of Redis on the current connection
  std::string known_run_id_;           ///< run_id of the Redis that holds the written records
  /// start time of this server, Unix ms; later than the one in previous_filled_
  std::int64_t started_ms_;
  std::string previous_filled_;            ///< value of `filled` before this server wrote it
  bool away_reported_ = false;             ///< Away was reported, and no batch was stored since
  bool header_written_ = false;            ///< `filled` has the value of this server
  Clock::time_point header_written_at_{};  ///< when `schema` and `key` were last written
  bool writing_header_ = false;            ///< the current transaction writes `schema` and `key`
  bool loaded_ = false;
  OnRestored on_restored_;
  std::vector<OnClosed> on_closed_;

  std::unique_ptr<LeaseTaker> taker_;
  std::unique_ptr<Loader> loader_;
  std::unique_ptr<KeyIndexReader> key_index_reader_;
  std::unique_ptr<BatchWriter> writer_;  ///< writes `batch_`, or only renews the lease
  std::optional<PendingBatch> batch_;    ///< the pending batch: waiting or in flight
  bool batch_in_flight_ = false;
  std::vector<PoisonFinder::WrittenRecord>
      records_at_loss_;  ///< records in flight when the connection closed
  PoisonFinder poison_finder_;
  bool leased_ = false;     ///< this process holds the lease on this connection
  bool releasing_ = false;  ///< the lease is being released; end() follows
  port::StoreStatus status_;
};

}  // namespace signaller::persist
