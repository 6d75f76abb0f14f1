// RedisStore, from connecting until it is ready, and how that ends.
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

constexpr Milliseconds FirstPause{50};
constexpr Milliseconds LongestPause{2'000};
constexpr unsigned MostDoublings = 6;

/// Exponential backoff with full jitter: many servers that have lost one Redis do not come back at
/// the same moment.
Milliseconds pause(unsigned attempts, port::Random& random) {
  const auto most = std::min(FirstPause * (1U << std::min(attempts, MostDoublings)), LongestPause);
  return Milliseconds(random.next() % static_cast<std::uint64_t>(most.count() + 1));
}

/// When the server of a mark was started; nothing if the mark is of no server.
std::optional<std::int64_t> start_in(std::string_view mark) {
  std::int64_t start_ms = 0;
  if (!take_word(mark) || !read_number(mark, start_ms)) return std::nullopt;
  return start_ms;
}

}  // namespace

void RedisStore::connect() {
  phase_ = Phase::Connecting;
  link_->open();
}

void RedisStore::handshake_done(const RedisHandshake& handshake) {
  if (!handshake.problem.empty()) {
    trouble(handshake.problem);
    return;
  }
  if (run_ == handshake.run) suspects_.hung_up(accused_);  // it lives: it was not killed meanwhile
  if (run_ != handshake.run) suspects_.forget_refused();
  accused_.clear();
  run_ = handshake.run;
  if (warnings_ != handshake.warnings) {
    warnings_ = handshake.warnings;
    for (const auto& warning : warnings_) warn(warning);
  }
  taker_ = std::make_unique<LeaseTaker>(*link_, lease_, !loaded_,
                                        [this](const LeaseResult& answer) { leased(answer); });
  taker_->on_wait = [this](const std::string& who) {
    const std::string why = fmt::format("waits until the lease of {} is over", who);
    set_problem(why);
    warn(why);
  };
  taker_->start();
}

void RedisStore::leased(const LeaseResult& answer) {
  retire(taker_);
  leased_ = answer.kind == LeaseResult::Kind::Ours;
  if (!on_closed_.empty()) {
    if (leased_) {
      release();
    } else {
      end();
    }
    return;
  }
  switch (answer.kind) {
    case LeaseResult::Kind::Failed:
      trouble(answer.why);
      return;
    case LeaseResult::Kind::Held:
      fence(answer.why);
      return;
    case LeaseResult::Kind::Ours:
      break;
  }
  if (!loaded_) {
    begin_load();
    return;
  }
  link_->send({"GET", keys_.filled()}, [this](const RedisReply& filled) { resumed(filled); });
}

void RedisStore::begin_load() {
  phase_ = Phase::Loading;
  renew_later();
  loader_ = std::make_unique<Loader>(
      *link_, options_, keys_, [this](LoadedStore loaded) { this->loaded(std::move(loaded)); });
  loader_->start();
}

void RedisStore::loaded(LoadedStore loaded) {
  retire(loader_);
  if (!loaded.problem.empty()) {
    trouble(loaded.problem);
    return;
  }
  if (!loaded.restored.error.empty()) {
    release();  // another server may use it
    refuse(loaded.restored.error);
    return;
  }
  loaded_ = true;
  loaded_filled_ = std::move(loaded.filled);
  started_ms_ = std::max(started_ms_, start_in(loaded_filled_).value_or(0) + 1);
  known_run_ = run_;
  phase_ = Phase::Ready;
  set_problem({});
  std::exchange(on_restored_, {})(std::move(loaded.restored));
}

/// The lease is ours again. Whether Redis still has what was written, its run_id and the mark say:
/// the one changes when it starts anew, the other goes when it is emptied. A later start's mark was
/// made by a server that had the lease meanwhile; an earlier one's is of older data.
void RedisStore::resumed(const RedisReply& filled) {
  if (!on_closed_.empty()) return;
  if (filled.error() && !filled.error("WRONGTYPE")) {
    trouble(explain(filled.text()));
    return;
  }
  const std::string found(filled.error() ? std::string_view() : filled.text());
  const bool ours = found == mark();
  if (!ours && !found.empty() && found != loaded_filled_ &&
      start_in(found).value_or(started_ms_) >= started_ms_) {
    release();
    stop(fmt::format("the server of start {}", printable(found)));
    return;
  }
  const bool lost_mark = !ours && (marked_ || found != loaded_filled_);
  marked_ = ours;
  if (run_ != known_run_ || lost_mark) {
    call_roll();
  } else {
    become_ready(false);
  }
}

/// Memory says what of it has to go.
void RedisStore::call_roll() {
  suspects_.forget_refused();
  key_index_reader_ = std::make_unique<KeyIndexReader>(
      *link_, keys_, [this](KeyIndexResult called) { this->called(std::move(called)); });
  key_index_reader_->start();
}

void RedisStore::called(KeyIndexResult called) {
  retire(key_index_reader_);
  if (called.problem.empty()) {
    become_ready(true, std::move(called.names));
  } else {
    trouble(called.problem);
  }
}

void RedisStore::become_ready(bool incomplete, port::StoredNames names) {
  phase_ = Phase::Ready;
  known_run_ = run_;
  set_problem({});
  if (incomplete) marked_ = false;
  renew_later();
  if (!on_event) return;
  on_event({port::StoreEvent::Kind::Ready, incomplete,
            incomplete ? "Redis has started anew or was emptied" : "", std::move(names)});
}

void RedisStore::trouble(const std::string& why) {
  link_->drop();
  lost(why);
}

/// The link is closed already.
void RedisStore::lost(const std::string& why) {
  const bool was_ready = phase_ == Phase::Ready;
  if (writer_ && !link_->was_silent()) accused_ = writer_->under_way();
  retire_steps();
  if (phase_ == Phase::Ended || !on_closed_.empty()) {
    end();
    return;
  }
  phase_ = Phase::Away;
  retry();
  const bool news = status_.problem != why;
  set_problem(why);
  answer_job(false);
  if (phase_ != Phase::Away) return;  // closed meanwhile
  if (was_ready) {
    tell(port::StoreEvent::Kind::Away, why);
  } else if (news) {
    warn(fmt::format("{}: {}; trying again", options_.url.shown(), why));
  }
}

void RedisStore::retry() {
  retry_->set(pause(attempts_++, random_), [this] { connect(); });
}

/// It must not be used.
void RedisStore::refuse(const std::string& why) {
  phase_ = Phase::Ended;
  set_problem(why);
  port::Restored restored;
  restored.error = why;
  std::exchange(on_restored_, {})(std::move(restored));
}

void RedisStore::fence(const std::string& who) {
  link_->drop();
  leased_ = false;
  stop(who);
  end();
}

/// @param who  for people
void RedisStore::stop(const std::string& who) {
  renewal_->cancel();
  const std::string why = fmt::format("{} has what lies below '{}' in {}", who,
                                      printable(options_.prefix), options_.url.shown());
  if (on_restored_) {
    refuse(fmt::format("{}. If it is not running any more: DEL {}", why, printable(keys_.lease())));
    return;
  }
  phase_ = Phase::Ended;
  set_problem(why);
  answer_job(false);
  tell(port::StoreEvent::Kind::Fenced, why);
}

/// What they had asked is not answered any more.
void RedisStore::retire_steps() {
  leased_ = false;
  renewal_->cancel();
  retire(taker_);
  retire(loader_);
  retire(key_index_reader_);
  retire(writer_);
}

/// For good. Who waits for close() is told when nothing of ours is on the stack any more.
void RedisStore::end() {
  phase_ = Phase::Ended;
  releasing_ = false;
  if (status_.problem.empty()) set_problem("closed");
  link_->drop();
  retry_->cancel();
  retire_steps();
  answer_job(false);
  for (auto& done : std::exchange(on_closed_, {})) asio::post(link_->loop(), std::move(done));
}

}  // namespace signaller::persist
