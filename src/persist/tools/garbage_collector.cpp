#include "persist/tools/garbage_collector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <random>
#include <utility>

#include "persist/format/load_warnings.hpp"
#include "persist/redis/explain.hpp"
#include "persist/redis/fenced_write.hpp"
#include "persist/redis/lease_taker.hpp"
#include "persist/redis/timer.hpp"
#include "persist/tools/keyspace_reader.hpp"

namespace signaller::persist {
namespace {

using Verdict = FencedResult::Verdict;

constexpr std::size_t MostCommands = 1'000;  // of one transaction
constexpr unsigned MostTries = 5;

std::string held_text(const std::string& who) {
  return fmt::format(
      "{} has the lease: a server is running on this store. Stop it first; --dry-run only looks",
      who);
}

Lease gc_lease(const RedisOptions& options, const Keys& keys) {
  const LeaseHolder holder = this_process(fmt::format("gc-{:08x}", std::random_device()()));
  return {keys.lease(), holder, holder.text(), options.lease_ttl};
}

/// One run on one connection.
class GarbageCollector {
 public:
  GarbageCollector(const RedisOptions& options, const GcOptions& how)
      : options_(options),
        how_(how),
        keys_(options.prefix),
        lease_(gc_lease(options, keys_)),
        visit_(options_, "signaller-gc"),
        renewal_(visit_.link().loop()) {}

  GcResult run() {
    if (!go() && out_.problem.empty()) out_.problem = visit_.problem();
    return std::move(out_);
  }

 private:
  bool go() {
    if (!visit_.begin() || !look_at_lease(visit_, keys_, out_.lease)) return false;
    if (!check_schema()) return false;
    if (how_.dry_run) return look();
    if (!take_lease()) return false;
    renew_later();
    const bool done = check_schema() && read(out_.plan) && write();
    release();
    return done;
  }

  /// What is said of it all is the reason that came first.
  bool fail(std::string why) {
    if (out_.problem.empty()) out_.problem = std::move(why);
    return false;
  }

  bool look() {
    if (!read(out_.plan)) return false;
    if (!out_.lease) return true;
    GcPlan again;
    if (!read(again)) return false;
    out_.plan = common(out_.plan, std::move(again));
    return true;
  }

  bool take_lease() {
    if (out_.lease && out_.lease->life == HolderState::Alive) {
      return fail(held_text(shown_holder(out_.lease->token)));
    }
    if (out_.lease && out_.lease->life == HolderState::Unknown && how_.on_wait) {
      how_.on_wait(fmt::format("waiting until the lease of {} has run out or is renewed",
                               shown_holder(out_.lease->token)));
    }
    std::optional<LeaseResult> answer;
    LeaseTaker taker(visit_.link(), lease_, true,
                     [&answer](LeaseResult told) { answer = std::move(told); });
    taker.start();
    if (!visit_.until([&answer] { return answer.has_value(); })) return false;
    if (answer->kind == LeaseResult::Kind::Ours) return true;
    return fail(answer->kind == LeaseResult::Kind::Held ? held_text(answer->why) : answer->why);
  }

  /// Reading may take longer than the lease lasts.
  void renew_later() {
    renewal_.set(options_.lease_ttl / 3, [this] {
      renewing_ = true;
      fenced_write(visit_.link(), lease_, LeaseUse::Renew, {}, [this](const FencedResult& answer) {
        renewing_ = false;
        if (answer.verdict == Verdict::Done || answer.verdict == Verdict::Again) {
          renew_later();
        } else {
          lose(answer);
        }
      });
    });
  }

  void lose(const FencedResult& answer) {
    const bool taken = answer.verdict == Verdict::Taken;
    visit_.give_up(taken                ? held_text(shown_holder(answer.why))
                   : answer.why.empty() ? "the lease is gone from Redis"
                                        : answer.why);
  }

  /// Only what this server knows: a later one may keep more.
  bool check_schema() {
    std::optional<std::string> schema;
    const bool read = visit_.ask({"GET", keys_.schema()}, [&schema](const RedisReply& reply) {
      if (!reply.nil()) schema = reply.text();
    });
    no_schema_ = !schema;
    if (!read || !schema || *schema == Schema) return read;
    return fail(
        fmt::format("{} is '{}': written by another version of this server, which knows {} only",
                    printable(keys_.schema()), printable(*schema), Schema));
  }

  bool read(GcPlan& out) {
    KeyspaceReader reader(visit_, options_.prefix);
    if (!reader.read()) return false;
    const Keyspace& keyspace = reader.keyspace();
    if (no_schema_ &&
        keyspace.keys.size() > keyspace.unknown.size() + keyspace.keys.count(keys_.lease())) {
      return fail(fmt::format("{} is missing, but there are other keys below that prefix",
                              printable(keys_.schema())));
    }
    out = plan_gc(keyspace, keys_, how_.now_ms, how_.corrupt);
    return true;
  }

  /// In transactions of bounded size, one after the other.
  bool write() {
    renewal_.cancel();
    if (!visit_.until([this] { return !renewing_; })) return false;
    const auto& all = out_.plan.removals;
    while (out_.removed < all.size()) {
      const std::size_t end = std::min(all.size(), out_.removed + MostCommands);
      std::vector<Argv> writes{{"DEL", keys_.filled()}};
      for (std::size_t i = out_.removed; i < end; ++i) writes.push_back(all[i].command);
      if (!transact(LeaseUse::Renew, writes)) return false;
      out_.removed = end;
    }
    return true;
  }

  bool transact(LeaseUse use, const std::vector<Argv>& writes) {
    std::optional<FencedResult> answer;
    for (unsigned tries = 0; tries < MostTries; ++tries) {
      answer.reset();
      fenced_write(visit_.link(), lease_, use, writes,
                   [&answer](FencedResult&& told) { answer = std::move(told); });
      if (!visit_.until([&answer] { return answer.has_value(); })) return false;
      if (answer->verdict != Verdict::Again) break;
    }
    if (answer->verdict == Verdict::Done && !answer->errors.empty()) {
      const auto& [i, error] = answer->errors.front();
      return fail(fmt::format("{}: {}", printable(writes[i][1]), explain(error)));
    }
    // A release leaves nobody with the lease: that is how it looks when it went well.
    if (answer->verdict != Verdict::Done && use == LeaseUse::Renew) lose(*answer);
    return visit_.problem().empty();
  }

  /// So that the next server need not wait. What became of it changes nothing that was done.
  void release() {
    renewal_.cancel();
    if (visit_.until([this] { return !renewing_; })) (void)transact(LeaseUse::Release, {});
  }

  const RedisOptions options_;
  const GcOptions& how_;
  const Keys keys_;
  const Lease lease_;
  RedisVisit visit_;
  Timer renewal_;
  bool renewing_ = false;
  bool no_schema_ = false;
  GcResult out_;
};

}  // namespace

GcResult collect_garbage(const RedisOptions& options, const GcOptions& how) {
  return GarbageCollector(options, how).run();
}

}  // namespace signaller::persist
