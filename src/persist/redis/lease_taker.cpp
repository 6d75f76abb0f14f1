#include "persist/redis/lease_taker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "persist/format/load_warnings.hpp"
#include "persist/redis/explain.hpp"

namespace signaller::persist {
namespace {

constexpr std::chrono::milliseconds MostBetweenLooks{250};

}  // namespace

LeaseTaker::LeaseTaker(RedisLink& link, const Lease& lease, bool may_wait, Done done)
    : link_(link),
      lease_(lease),
      may_wait_(may_wait),
      done_(std::move(done)),
      again_(link.loop()) {}

/// A quarter more than the lease: by then one that nobody renews has run out.
void LeaseTaker::start() {
  until_ = Clock::now() + lease_.ttl + lease_.ttl / 4;
  ask();
}

void LeaseTaker::ask() {
  watch_lease(link_, lease_, [this](const RedisReply& token) { asked(token); });
}

void LeaseTaker::asked(const RedisReply& token) {
  if (token.error()) {
    done_({LeaseResult::Kind::Failed,
           fmt::format("{}: {}", printable(lease_.key), explain(token.text()))});
  } else if (token.nil() || token.text() == lease_.token) {
    take();
  } else {
    judge(token.text());
  }
}

void LeaseTaker::judge(std::string_view token) {
  const auto holder = parse_holder(token);
  if (may_wait_ && holder && has_died(*holder, lease_.holder)) {
    take();
  } else if (may_wait_ && Clock::now() < until_) {
    if (!std::exchange(waiting_, true) && on_wait) on_wait(shown_holder(token));
    again_.set(std::clamp(lease_.ttl / 20, std::chrono::milliseconds(1), MostBetweenLooks),
               [this] { ask(); });
  } else {
    done_({LeaseResult::Kind::Held, shown_holder(token)});
  }
}

/// Also if it is ours already: whoever gets through here may write.
void LeaseTaker::take() {
  taking_ = true;
  fenced_write(link_, lease_, LeaseUse::Renew, {},
               [this](const FencedResult& answer) { took(answer); });
}

void LeaseTaker::took(const FencedResult& answer) {
  taking_ = false;
  switch (answer.verdict) {
    case FencedResult::Verdict::Done:
      done_({LeaseResult::Kind::Ours, {}});
      return;
    case FencedResult::Verdict::Refused:
    case FencedResult::Verdict::Failed:
      done_({LeaseResult::Kind::Failed, answer.why});
      return;
    case FencedResult::Verdict::Taken:
      judge(answer.why);
      return;
    case FencedResult::Verdict::Again:
    case FencedResult::Verdict::Gone:
      ask();
      return;
  }
}

}  // namespace signaller::persist
