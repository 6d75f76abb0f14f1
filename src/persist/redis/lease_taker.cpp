#include "persist/redis/lease_taker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "persist/format/load_warnings.hpp"
#include "persist/redis/explain.hpp"

namespace signaller::persist {
namespace {

constexpr std::chrono::milliseconds MaxPollInterval{250};

}  // namespace

LeaseTaker::LeaseTaker(RedisLink& link, const Lease& lease, bool may_wait, Done done)
    : link_(link),
      lease_(lease),
      may_wait_(may_wait),
      done_(std::move(done)),
      retry_timer_(link.loop()) {}

/// Begins the attempt. The attempt takes at most 1.25 times the time to live: an abandoned lease
/// has expired by then.
void LeaseTaker::start() {
  give_up_at_ = Clock::now() + lease_.ttl + lease_.ttl / 4;
  query();
}

void LeaseTaker::query() {
  watch_lease(link_, lease_, [this](const RedisReply& token) { on_token(token); });
}

void LeaseTaker::on_token(const RedisReply& token) {
  if (token.error()) {
    done_({LeaseResult::Kind::Failed,
           fmt::format("{}: {}", printable(lease_.key), explain(token.text()))});
  } else if (token.nil() || token.text() == lease_.token) {
    take();
  } else {
    judge_holder(token.text());
  }
}

void LeaseTaker::judge_holder(std::string_view token) {
  const auto holder = parse_holder(token);
  if (may_wait_ && holder && has_died(*holder, lease_.holder)) {
    take();
  } else if (may_wait_ && Clock::now() < give_up_at_) {
    if (!std::exchange(waiting_, true) && on_wait) on_wait(shown_holder(token));
    retry_timer_.set(std::clamp(lease_.ttl / 20, std::chrono::milliseconds(1), MaxPollInterval),
                     [this] { query(); });
  } else {
    done_({LeaseResult::Kind::Held, shown_holder(token)});
  }
}

/// Sets the lease, even if this process holds it already: the outcome Done proves that this
/// connection may write.
void LeaseTaker::take() {
  taking_ = true;
  fenced_write(link_, lease_, LeaseUse::Renew, {},
               [this](const FencedResult& result) { on_taken(result); });
}

void LeaseTaker::on_taken(const FencedResult& result) {
  taking_ = false;
  switch (result.outcome) {
    case FencedResult::Outcome::Done:
      done_({LeaseResult::Kind::Ours, {}});
      return;
    case FencedResult::Outcome::Refused:
    case FencedResult::Outcome::Failed:
      done_({LeaseResult::Kind::Failed, result.why});
      return;
    case FencedResult::Outcome::Taken:
      judge_holder(result.why);
      return;
    case FencedResult::Outcome::Again:
    case FencedResult::Outcome::Gone:
      query();
      return;
  }
}

}  // namespace signaller::persist
