#include "persist/redis/redis_store.hpp"

#include <fmt/format.h>

#include <cassert>
#include <utility>

namespace signaller::persist {
namespace {

using Outcome = FencedResult::Outcome;

Lease server_lease(const RedisOptions& options, const Keys& keys) {
  const LeaseHolder holder = this_process(options.boot);
  return {keys.lease(), holder, holder.text(), options.lease_ttl};
}

std::int64_t unix_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

RedisStore::RedisStore(RedisOptions options, port::Random& random)
    : options_(std::move(options)),
      keys_(options_.prefix),
      lease_(server_lease(options_, keys_)),
      random_(random),
      started_ms_(unix_ms()) {
  status_.kind = "redis";
  status_.durable = true;
  status_.problem = "not loaded";
}

RedisStore::~RedisStore() = default;

void RedisStore::attach(asio::io_context& loop) {
  link_ = std::make_unique<RedisLink>(loop, options_.url, options_.timeout);
  retry_ = std::make_unique<Timer>(loop);
  renewal_ = std::make_unique<Timer>(loop);
  link_->on_open = [this] {
    shake_hands(*link_, options_.url,
                [this](const RedisHandshake& handshake) { handshake_done(handshake); });
  };
  link_->on_lost = [this](const std::string& why) { lost(why); };
}

void RedisStore::load(const OnRestored& done) {
  assert(link_ && phase_ == Phase::New);
  on_restored_ = done;
  connect();
}

void RedisStore::save(std::vector<port::Record> records, std::uint64_t token,
                      const OnStored& done) {
  if (phase_ != Phase::Ready || batch_ || !on_closed_.empty()) {
    done({token, false});
    return;
  }
  const std::size_t count = records.size();
  batch_ = PendingBatch{token, count, std::move(records), done, Clock::now()};
  status_.queued = count;
  if (!writer_) write(std::move(batch_->records));
}

/// Writes a batch, or only renews the lease. Both at once would mix their transactions.
void RedisStore::write(std::vector<port::Record> records) {
  batch_in_flight_ = batch_.has_value();
  auto first = header_writes();
  writing_header_ = !first.empty();
  writer_ = std::make_unique<BatchWriter>(
      *link_, lease_, keys_, std::move(records), std::move(first),
      [this](const BatchResult& result) { written(result); }, &poison_finder_);
  writer_->start();
}

/// SETs of `schema`, `key` and `filled`: with the first batch, and again when Redis has lost them.
/// `schema` and `key` are also repeated once per lease_ttl, because the next start would be refused
/// without them. `filled` is not repeated: its absence shows that Redis was emptied.
std::vector<Argv> RedisStore::header_writes() const {
  const bool fresh = header_written_ && Clock::now() - header_written_at_ < options_.lease_ttl;
  if (fresh || !loaded_) return {};
  std::vector<Argv> writes{{"SET", keys_.schema(), std::string(Schema)}};
  if (!options_.key_fingerprint.empty()) {
    writes.push_back({"SET", keys_.key(), options_.key_fingerprint});
  }
  if (header_written_) return writes;
  writes.push_back({"SET", keys_.filled(), filled_value()});
  writes.push_back({"DEL", keys_.sealed()});
  return writes;
}

/// The value that this server writes to `filled`: its start id and its start time. Of two values,
/// the one with the later start time was written later.
std::string RedisStore::filled_value() const {
  return fmt::format("{} {}", options_.boot, started_ms_);
}

void RedisStore::written(const BatchResult& result) {
  destroy_later(writer_);
  if (phase_ == Phase::Ended && !leased_) return;
  switch (result.outcome) {
    case Outcome::Done:
      batch_stored(result);
      return;
    case Outcome::Taken:
      fence(shown_holder(result.why));
      return;
    case Outcome::Gone:
      reconnect("the key of the lease has disappeared from Redis");
      return;
    case Outcome::Again:
    case Outcome::Refused:
    case Outcome::Failed:
      reconnect(result.why);
      return;
  }
}

/// Reports a stored batch. Each callback may bring the next batch or close the store.
void RedisStore::batch_stored(const BatchResult& result) {
  if (writing_header_) {
    header_written_ = true;
    header_written_at_ = Clock::now();
  }
  // Reset here, not when the store becomes ready: otherwise a batch that always fails would be
  // retried without a pause.
  attempts_ = 0;
  status_.errors += result.warnings.size();
  renew_later();
  for (const auto& warning : result.warnings) warn(warning);
  if (batch_in_flight_) {
    if (std::exchange(away_reported_, false) && on_back) on_back();
    complete_batch(true, result.left_out);
  }
  if (result.deleted_keys && phase_ == Phase::Ready) {
    if (on_event)
      on_event({port::StoreEvent::Kind::Ready,
                true,
                "keys that could not be written were deleted in Redis",
                {}});
  }
  if (writer_) return;
  if (batch_ && phase_ == Phase::Ready) {
    write(std::move(batch_->records));
  } else if (!on_closed_.empty() && leased_) {
    release();
  }
}

void RedisStore::complete_batch(bool ok, const std::vector<std::string>& left_out) {
  if (!batch_) return;
  const PendingBatch batch = std::move(*batch_);
  batch_.reset();
  batch_in_flight_ = false;
  status_.queued = 0;
  if (ok) {
    const auto took = Clock::now() - batch.begun;
    ++status_.batches;
    status_.written += batch.count;
    status_.written_ms = unix_ms();
    status_.latency_us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  } else {
    ++status_.errors;
  }
  batch.done({batch.token, ok, left_out});
}

/// Renews the lease after a third of its time to live, unless a batch renews it before.
void RedisStore::renew_later() {
  renewal_->set(options_.lease_ttl / 3, [this] {
    if (!writer_) write({});
  });
}

void RedisStore::close(const OnClosed& done) {
  on_closed_.push_back(done);
  if (loader_) loader_->abandon();
  if (key_index_reader_) key_index_reader_->abandon();
  if (taker_) taker_->stop_waiting();
  if (on_restored_) refuse("the store was closed before its data was loaded");
  if (releasing_ || writer_ || (taker_ && taker_->is_taking()))
    return;  // the pending step continues with release() or end()
  if (leased_) {
    release();
  } else {
    end();
  }
}

void RedisStore::release() {
  if (releasing_) return;
  releasing_ = true;
  leased_ = false;
  renewal_->cancel();
  fenced_write(*link_, lease_, LeaseUse::Release, {}, [this](const FencedResult&) { end(); });
}

port::StoreStatus RedisStore::status() const {
  port::StoreStatus status = status_;
  status.ready = phase_ == Phase::Ready;
  return status;
}

void RedisStore::set_problem(const std::string& why) {
  if (std::exchange(status_.problem, why) != why && on_problem) on_problem(why);
}

void RedisStore::warn(const std::string& what) {
  if (on_warning) on_warning(what);
}

void RedisStore::emit(port::StoreEvent::Kind kind, const std::string& why) {
  away_reported_ = away_reported_ || kind == port::StoreEvent::Kind::Away;
  if (on_event) on_event({kind, false, why, {}});
}

}  // namespace signaller::persist
