// The store that survives: everything in Redis, written behind. docs/redis.rst says what is where,
// and what happens on each failure.
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

/// Lives on one thread, that of the loop it is attached to. It must not be destroyed in one of its
/// own calls, apart from that of close(). The process ignores SIGPIPE.
///
/// As long as Redis cannot be used, it connects again and again: load() waits for that. Every write
/// is fenced by a lease, so that of two servers on one prefix only one writes.
class RedisStore final : public port::Store {
 public:
  using OnWarning = std::function<void(const std::string&)>;

  /// @param random  spreads attempts to connect over time; must outlive it
  RedisStore(RedisOptions options, port::Random& random);
  ~RedisStore() override;

  /// Once, before everything else. The loop must outlive it.
  void attach(asio::io_context& loop);

  /// Takes the lease first: if another server has it, that may take a quarter more than its time to
  /// live. What Redis refuses until then, on_warning tells.
  void load(const OnRestored& done) override;
  /// Not ok at once while it is not ready, or has been closed or fenced.
  void save(std::vector<port::Record> records, std::uint64_t token, const OnStored& done) override;
  /// Gives the lease back behind the batch under way, and disconnects. Takes no longer than Redis
  /// may be silent. A load under way ends with an error.
  void close(const OnClosed& done) override;
  /// `records` is not known.
  [[nodiscard]] port::StoreStatus status() const override;

  /// For operators, one sentence each: how Redis is set up so that it may lose what it confirmed,
  /// what could not be written, and until load() is answered why that takes so long.
  OnWarning on_warning;
  /// After Away, the first batch has been stored: it was back before, but that may say little.
  std::function<void()> on_back;

 private:
  using Clock = std::chrono::steady_clock;
  enum class Phase : std::uint8_t {
    New,         ///< load() was not called
    Connecting,  ///< up to the lease
    Loading,     ///< the lease is ours
    Ready,
    Away,   ///< waits for the next attempt
    Ended,  ///< closed, fenced, or must not be used
  };
  struct Job {
    std::uint64_t token = 0;
    std::size_t count = 0;
    std::vector<port::Record> records;
    OnStored done;
    Clock::time_point begun;
  };

  // One connection, in this order (redis_session.cpp).
  void connect();
  void handshake_done(const RedisHandshake& handshake);
  void leased(const LeaseResult& answer);
  void begin_load();
  void loaded(LoadedStore loaded);
  void resumed(const RedisReply& filled);
  void call_roll();
  void called(KeyIndexResult called);
  void lost(const std::string& why);
  void trouble(const std::string& why);
  void retry();
  void refuse(const std::string& why);
  void become_ready(bool incomplete, port::StoredNames names = {});
  void fence(const std::string& who);
  void stop(const std::string& who);
  void end();

  // Writing (redis_store.cpp).
  void write(std::vector<port::Record> records);
  void written(const BatchResult& answer);
  void go_on(const BatchResult& answer);
  void set_problem(const std::string& why);
  void answer_job(bool ok, const std::vector<std::string>& left_out = {});
  void renew_later();
  void release();
  [[nodiscard]] std::vector<Argv> marks() const;
  [[nodiscard]] std::string mark() const;
  void retire_steps();
  void warn(const std::string& what);
  void tell(port::StoreEvent::Kind kind, const std::string& why);
  /// A step may be what calls us: it goes when it has returned.
  template <class Step>
  void retire(std::unique_ptr<Step>& step) {
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
  unsigned attempts_ = 0;              ///< to connect since a batch was stored
  std::vector<std::string> warnings_;  ///< of the last greeting
  std::string run_;                    ///< Redis's, of the connection under way
  std::string known_run_;              ///< the one that holds what was written
  std::int64_t started_ms_;            ///< Unix; later than the one in loaded_filled_
  std::string loaded_filled_;          ///< the mark that was there before ours
  bool told_away_ = false;             ///< and nothing was stored since
  bool marked_ = false;                ///< ours is there
  Clock::time_point marked_at_{};      ///< when whose it is was written last
  bool marking_ = false;               ///< the writer under way writes it
  bool loaded_ = false;
  OnRestored on_restored_;
  std::vector<OnClosed> on_closed_;

  std::unique_ptr<LeaseTaker> taker_;
  std::unique_ptr<Loader> loader_;
  std::unique_ptr<KeyIndexReader> key_index_reader_;
  std::unique_ptr<BatchWriter> writer_;  ///< of the job, or of nothing but the lease
  std::optional<Job> job_;               ///< waits, or is being written
  bool job_under_way_ = false;
  std::vector<PoisonFinder::One> accused_;  ///< were being written when the connection ended
  PoisonFinder suspects_;
  bool leased_ = false;     ///< the lease is ours on this connection
  bool releasing_ = false;  ///< it is being given back, then end() follows
  port::StoreStatus status_;
};

}  // namespace signaller::persist
