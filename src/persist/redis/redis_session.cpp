// RedisStore: the steps from connecting to ready, and the end of a connection.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "persist/format/load_warnings.hpp"
#include "persist/format/value_parser.hpp"
#include "persist/redis/explain.hpp"
#include "persist/redis/redis_store.hpp"

namespace signaller::persist {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds FirstBackoff{50};
constexpr Milliseconds LongestBackoff{2'000};
constexpr unsigned MaxDoublings = 6;

/// Exponential backoff with full jitter: servers that lost the same Redis do not reconnect at the
/// same moment.
Milliseconds backoff(unsigned attempts, port::Random& random) {
  const auto most =
      std::min(FirstBackoff * (1U << std::min(attempts, MaxDoublings)), LongestBackoff);
  return Milliseconds(random.next() % static_cast<std::uint64_t>(most.count() + 1));
}

/// Start time in a value of `filled`, Unix ms; nothing if the value is malformed.
std::optional<std::int64_t> start_time_in(std::string_view filled_value) {
  std::int64_t start_ms = 0;
  if (!next_token(filled_value) || !read_number(filled_value, start_ms)) return std::nullopt;
  return start_ms;
}

}  // namespace

void RedisStore::connect() {
  phase_ = Phase::Connecting;
  link_->open();
}

void RedisStore::handshake_done(const RedisHandshake& handshake) {
  if (!handshake.problem.empty()) {
    reconnect(handshake.problem);
    return;
  }
  if (run_id_ == handshake.run_id) {
    poison_finder_.on_connection_closed(records_at_loss_);  // same run_id: Redis has not restarted
  } else {
    poison_finder_.forget_poison();
  }
  records_at_loss_.clear();
  run_id_ = handshake.run_id;
  if (warnings_ != handshake.warnings) {
    warnings_ = handshake.warnings;
    for (const auto& warning : warnings_) warn(warning);
  }
  taker_ = std::make_unique<LeaseTaker>(*link_, lease_, !loaded_,
                                        [this](const LeaseResult& result) { leased(result); });
  taker_->on_wait = [this](const std::string& holder) {
    const std::string why = fmt::format("waiting until the lease of {} expires", holder);
    set_problem(why);
    warn(why + ", because that process may still use this store");
  };
  taker_->start();
}

void RedisStore::leased(const LeaseResult& result) {
  destroy_later(taker_);
  leased_ = result.kind == LeaseResult::Kind::Ours;
  if (!on_closed_.empty()) {
    if (leased_) {
      release();
    } else {
      end();
    }
    return;
  }
  switch (result.kind) {
    case LeaseResult::Kind::Failed:
      reconnect(result.why);
      return;
    case LeaseResult::Kind::Held:
      fence(result.why);
      return;
    case LeaseResult::Kind::Ours:
      break;
  }
  if (!loaded_) {
    begin_load();
    return;
  }
  link_->send({"GET", keys_.filled()}, [this](const RedisReply& filled) { check_filled(filled); });
}

void RedisStore::begin_load() {
  phase_ = Phase::Loading;
  renew_later();
  loader_ = std::make_unique<Loader>(
      *link_, options_, keys_, [this](LoadedStore loaded) { this->loaded(std::move(loaded)); });
  loader_->start();
}

void RedisStore::loaded(LoadedStore loaded) {
  destroy_later(loader_);
  if (!loaded.problem.empty()) {
    reconnect(loaded.problem);
    return;
  }
  if (!loaded.restored.error.empty()) {
    release();  // so that another server, which may use this store, need not wait for the lease
    refuse(loaded.restored.error);
    return;
  }
  loaded_ = true;
  previous_filled_ = std::move(loaded.filled);
  started_ms_ = std::max(started_ms_, start_time_in(previous_filled_).value_or(0) + 1);
  known_run_id_ = run_id_;
  phase_ = Phase::Ready;
  set_problem({});
  std::exchange(on_restored_, {})(std::move(loaded.restored));
}

/// Called when this process holds the lease again. run_id and `filled` tell whether Redis still has
/// the written records: run_id changes when Redis restarts, `filled` disappears when Redis is
/// emptied. A later start in `filled` means that another server held the lease meanwhile; an
/// earlier start means older data.
void RedisStore::check_filled(const RedisReply& filled) {
  if (!on_closed_.empty()) return;
  if (filled.error() && !filled.error("WRONGTYPE")) {
    reconnect(explain(filled.text()));
    return;
  }
  const std::string found(filled.error() ? std::string_view() : filled.text());
  const bool ours = found == filled_value();
  if (!ours && !found.empty() && found != previous_filled_ &&
      start_time_in(found).value_or(started_ms_) >= started_ms_) {
    release();
    report_fenced(fmt::format("a server that was started later (its start id and start time: {})",
                              printable(found)));
    return;
  }
  const bool lost_filled = !ours && (header_written_ || found != previous_filled_);
  header_written_ = ours;
  if (run_id_ != known_run_id_ || lost_filled) {
    read_key_index();
  } else {
    become_ready(false);
  }
}

/// Reads the names of all stored records, so that the protocols can delete records of peers,
/// channels and so on that are not in memory.
void RedisStore::read_key_index() {
  poison_finder_.forget_poison();
  key_index_reader_ = std::make_unique<KeyIndexReader>(
      *link_, keys_,
      [this](KeyIndexResult key_index_read) { this->key_index_read(std::move(key_index_read)); });
  key_index_reader_->start();
}

void RedisStore::key_index_read(KeyIndexResult key_index_read) {
  destroy_later(key_index_reader_);
  if (key_index_read.problem.empty()) {
    become_ready(true, std::move(key_index_read.names));
  } else {
    reconnect(key_index_read.problem);
  }
}

void RedisStore::become_ready(bool incomplete, port::StoredNames names) {
  phase_ = Phase::Ready;
  known_run_id_ = run_id_;
  set_problem({});
  if (incomplete) header_written_ = false;
  renew_later();
  if (!on_event) return;
  on_event({port::StoreEvent::Kind::Ready, incomplete,
            incomplete ? "Redis has restarted or was emptied" : "", std::move(names)});
}

void RedisStore::reconnect(const std::string& why) {
  link_->drop();
  lost(why);
}

/// Handles the end of a connection. The link is closed already.
void RedisStore::lost(const std::string& why) {
  const bool was_ready = phase_ == Phase::Ready;
  if (writer_ && !link_->timed_out()) records_at_loss_ = writer_->records_in_flight();
  destroy_steps();
  if (phase_ == Phase::Ended || !on_closed_.empty()) {
    end();
    return;
  }
  phase_ = Phase::Away;
  retry();
  const bool changed = status_.problem != why;
  set_problem(why);
  complete_batch(false);
  if (phase_ != Phase::Away) return;  // the callback closed the store
  if (was_ready) {
    emit(port::StoreEvent::Kind::Away, why);
  } else if (changed) {
    warn(fmt::format("cannot use the store {}, trying again: {}", options_.url.shown(), why));
  }
}

void RedisStore::retry() {
  retry_->set(backoff(attempts_++, random_), [this] { connect(); });
}

/// Ends a load with an error: this store must not be used.
void RedisStore::refuse(const std::string& why) {
  phase_ = Phase::Ended;
  set_problem(why);
  port::Restored restored;
  restored.error = why;
  std::exchange(on_restored_, {})(std::move(restored));
}

void RedisStore::fence(const std::string& holder) {
  link_->drop();
  leased_ = false;
  report_fenced(holder);
  end();
}

/// @param holder  the other server, for messages
void RedisStore::report_fenced(const std::string& holder) {
  renewal_->cancel();
  const std::string why = fmt::format("{} uses the prefix '{}' in {}", holder,
                                      printable(options_.prefix), options_.url.shown());
  if (on_restored_) {
    refuse(fmt::format("{}. If that server does not run any more, delete its lease: DEL {}", why,
                       printable(keys_.lease())));
    return;
  }
  phase_ = Phase::Ended;
  set_problem(why);
  complete_batch(false);
  emit(port::StoreEvent::Kind::Fenced, why);
}

/// Destroys the running steps; their pending replies are ignored.
void RedisStore::destroy_steps() {
  leased_ = false;
  renewal_->cancel();
  destroy_later(taker_);
  destroy_later(loader_);
  destroy_later(key_index_reader_);
  destroy_later(writer_);
}

/// Ends the store for good. Posts the callbacks of close(), because methods of the store may be on
/// the call stack.
void RedisStore::end() {
  phase_ = Phase::Ended;
  releasing_ = false;
  if (status_.problem.empty()) set_problem("closed");
  link_->drop();
  retry_->cancel();
  destroy_steps();
  complete_batch(false);
  for (auto& done : std::exchange(on_closed_, {})) asio::post(link_->loop(), std::move(done));
}

}  // namespace signaller::persist
