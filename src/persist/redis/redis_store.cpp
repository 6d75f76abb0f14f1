#include "persist/redis/redis_store.hpp"

#include <fmt/format.h>

#include <cassert>
#include <utility>

namespace signaller::persist {
namespace {

using Verdict = FencedResult::Verdict;

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
  if (phase_ != Phase::Ready || job_ || !on_closed_.empty()) {
    done({token, false});
    return;
  }
  const std::size_t count = records.size();
  job_ = Job{token, count, std::move(records), done, Clock::now()};
  status_.queued = count;
  if (!writer_) write(std::move(job_->records));
}

/// A batch, or nothing but the lease. Both at once would mix their transactions.
void RedisStore::write(std::vector<port::Record> records) {
  job_under_way_ = job_.has_value();
  auto first = marks();
  marking_ = !first.empty();
  writer_ = std::make_unique<BatchWriter>(
      *link_, lease_, keys_, std::move(records), std::move(first),
      [this](const BatchResult& answer) { written(answer); }, &suspects_);
  writer_->start();
}

/// Whose the store is: with the first batch, and again if Redis came back without. Without the
/// first two the next start would refuse: somebody may delete them meanwhile, so they are written
/// now and then. (Whether the third is gone says whether Redis was emptied.)
std::vector<Argv> RedisStore::marks() const {
  const bool fresh = marked_ && Clock::now() - marked_at_ < options_.lease_ttl;
  if (fresh || !loaded_) return {};
  std::vector<Argv> marks{{"SET", keys_.schema(), std::string(Schema)}};
  if (!options_.key_fingerprint.empty()) {
    marks.push_back({"SET", keys_.key(), options_.key_fingerprint});
  }
  if (marked_) return marks;
  marks.push_back({"SET", keys_.filled(), mark()});
  marks.push_back({"DEL", keys_.sealed()});
  return marks;
}

/// Of two marks the one with the later start is the later one.
std::string RedisStore::mark() const {
  return fmt::format("{} {}", options_.boot, started_ms_);
}

void RedisStore::written(const BatchResult& answer) {
  retire(writer_);
  if (phase_ == Phase::Ended && !leased_) return;
  switch (answer.verdict) {
    case Verdict::Done:
      go_on(answer);
      return;
    case Verdict::Taken:
      fence(shown_holder(answer.why));
      return;
    case Verdict::Gone:
      trouble("the lease is gone from Redis");
      return;
    case Verdict::Again:
    case Verdict::Refused:
    case Verdict::Failed:
      trouble(answer.why);
      return;
  }
}

/// Each call may bring the next batch, or close the store.
void RedisStore::go_on(const BatchResult& answer) {
  if (marking_) {
    marked_ = true;
    marked_at_ = Clock::now();
  }
  attempts_ = 0;  // not as soon as it is ready: a batch that always fails would come at once again
  status_.errors += answer.faults.size();
  renew_later();
  for (const auto& fault : answer.faults) warn(fault);
  if (job_under_way_) {
    if (std::exchange(told_away_, false) && on_back) on_back();
    answer_job(true, answer.left_out);
  }
  if (answer.healed && phase_ == Phase::Ready) {
    if (on_event) on_event({port::StoreEvent::Kind::Ready, true, "keys were deleted", {}});
  }
  if (writer_) return;
  if (job_ && phase_ == Phase::Ready) {
    write(std::move(job_->records));
  } else if (!on_closed_.empty() && leased_) {
    release();
  }
}

void RedisStore::answer_job(bool ok, const std::vector<std::string>& left_out) {
  if (!job_) return;
  const Job job = std::move(*job_);
  job_.reset();
  job_under_way_ = false;
  status_.queued = 0;
  if (ok) {
    const auto took = Clock::now() - job.begun;
    ++status_.batches;
    status_.written += job.count;
    status_.written_ms = unix_ms();
    status_.latency_us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  } else {
    ++status_.errors;
  }
  job.done({job.token, ok, left_out});
}

/// Batches renew the lease by themselves.
void RedisStore::renew_later() {
  renewal_->set(options_.lease_ttl / 3, [this] {
    if (!writer_) write({});
  });
}

void RedisStore::close(const OnClosed& done) {
  on_closed_.push_back(done);
  if (loader_) loader_->abandon();
  if (key_index_reader_) key_index_reader_->abandon();
  if (taker_) taker_->hurry();
  if (on_restored_) refuse("closed before it was loaded");
  if (releasing_ || writer_ || (taker_ && taker_->is_taking()))
    return;  // what they end with follows
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

void RedisStore::tell(port::StoreEvent::Kind kind, const std::string& why) {
  told_away_ = told_away_ || kind == port::StoreEvent::Kind::Away;
  if (on_event) on_event({kind, false, why, {}});
}

}  // namespace signaller::persist
