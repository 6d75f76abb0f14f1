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

using Outcome = FencedResult::Outcome;

constexpr std::size_t MaxGcCommands = 1'000;  // maximum number of commands in one transaction
constexpr unsigned MaxGcAttempts = 5;

std::string held_text(const std::string& who) {
  return fmt::format(
      "{} holds the lease: a server runs on this store. Stop the server first, or use --dry-run",
      who);
}

Lease gc_lease(const RedisOptions& options, const Keys& keys) {
  const LeaseHolder holder = this_process(fmt::format("gc-{:08x}", std::random_device()()));
  return {keys.lease(), holder, holder.text(), options.lease_ttl};
}

/// One run of the garbage collector on one connection.
class GarbageCollector {
 public:
  GarbageCollector(const RedisOptions& options, const GcOptions& gc_options)
      : options_(options),
        gc_options_(gc_options),
        keys_(options.prefix),
        lease_(gc_lease(options, keys_)),
        connection_(options_, "signaller-gc"),
        renewal_(connection_.link().loop()) {}

  GcResult run() {
    if (!collect() && result_.problem.empty()) result_.problem = connection_.problem();
    return std::move(result_);
  }

 private:
  bool collect() {
    if (!connection_.connect() || !read_lease(connection_, keys_, result_.lease)) return false;
    if (!check_schema()) return false;
    if (gc_options_.dry_run) return plan_twice();
    if (!take_lease()) return false;
    renew_later();
    const bool done = check_schema() && read(result_.plan) && write();
    release();
    return done;
  }

  /// Records a failure. Only the first reason is kept.
  bool fail(std::string why) {
    if (result_.problem.empty()) result_.problem = std::move(why);
    return false;
  }

  bool plan_twice() {
    if (!read(result_.plan)) return false;
    if (!result_.lease) return true;
    GcPlan again;
    if (!read(again)) return false;
    result_.plan = intersect(result_.plan, std::move(again));
    return true;
  }

  bool take_lease() {
    if (result_.lease && result_.lease->holder_state == HolderState::Alive) {
      return fail(held_text(shown_holder(result_.lease->token)));
    }
    if (result_.lease && result_.lease->holder_state == HolderState::Unknown &&
        gc_options_.on_wait) {
      gc_options_.on_wait(fmt::format("waiting until the lease of {} expires or is renewed",
                                      shown_holder(result_.lease->token)));
    }
    std::optional<LeaseResult> result;
    LeaseTaker taker(connection_.link(), lease_, true,
                     [&result](LeaseResult reply) { result = std::move(reply); });
    taker.start();
    if (!connection_.run_until([&result] { return result.has_value(); })) return false;
    if (result->kind == LeaseResult::Kind::Ours) return true;
    return fail(result->kind == LeaseResult::Kind::Held ? held_text(result->why) : result->why);
  }

  /// Renews the lease during the reading, which may take longer than the lease's time to live.
  void renew_later() {
    renewal_.set(options_.lease_ttl / 3, [this] {
      renewing_ = true;
      fenced_write(connection_.link(), lease_, LeaseUse::Renew, {},
                   [this](const FencedResult& result) {
                     renewing_ = false;
                     if (result.outcome == Outcome::Done || result.outcome == Outcome::Again) {
                       renew_later();
                     } else {
                       fail_lease(result);
                     }
                   });
    });
  }

  void fail_lease(const FencedResult& result) {
    const bool taken = result.outcome == Outcome::Taken;
    connection_.fail(taken                ? held_text(shown_holder(result.why))
                     : result.why.empty() ? "the lease has disappeared from Redis"
                                          : result.why);
  }

  /// Refuses another schema: a later version may keep data that this one does not know.
  bool check_schema() {
    std::optional<std::string> schema;
    const bool read =
        connection_.query({"GET", keys_.schema()}, [&schema](const RedisReply& reply) {
          if (!reply.nil()) schema = reply.text();
        });
    no_schema_ = !schema;
    if (!read || !schema || *schema == Schema) return read;
    return fail(
        fmt::format("{} is '{}': the data was written by another version of this server; this "
                    "version reads only {}",
                    printable(keys_.schema()), printable(*schema), Schema));
  }

  bool read(GcPlan& out) {
    KeyspaceReader reader(connection_, options_.prefix);
    if (!reader.read()) return false;
    const Keyspace& keyspace = reader.keyspace();
    if (no_schema_ &&
        keyspace.keys.size() > keyspace.unknown.size() + keyspace.keys.count(keys_.lease())) {
      return fail(fmt::format("{} is missing, but other keys exist under this prefix",
                              printable(keys_.schema())));
    }
    out = plan_gc(keyspace, keys_, gc_options_.now_ms, gc_options_.corrupt);
    return true;
  }

  /// Removes the planned data, in transactions of bounded size.
  bool write() {
    renewal_.cancel();
    if (!connection_.run_until([this] { return !renewing_; })) return false;
    const auto& all = result_.plan.removals;
    while (result_.removed < all.size()) {
      const std::size_t end = std::min(all.size(), result_.removed + MaxGcCommands);
      std::vector<Argv> writes{{"DEL", keys_.filled()}};
      for (std::size_t i = result_.removed; i < end; ++i) writes.push_back(all[i].command);
      if (!run_transaction(LeaseUse::Renew, writes)) return false;
      result_.removed = end;
    }
    return true;
  }

  bool run_transaction(LeaseUse use, const std::vector<Argv>& writes) {
    std::optional<FencedResult> result;
    for (unsigned tries = 0; tries < MaxGcAttempts; ++tries) {
      result.reset();
      fenced_write(connection_.link(), lease_, use, writes,
                   [&result](FencedResult&& reply) { result = std::move(reply); });
      if (!connection_.run_until([&result] { return result.has_value(); })) return false;
      if (result->outcome != Outcome::Again) break;
    }
    if (result->outcome == Outcome::Done && !result->errors.empty()) {
      const auto& [i, error] = result->errors.front();
      return fail(fmt::format("{}: {}", printable(writes[i][1]), explain(error)));
    }
    // A released lease has no holder, so the outcome of a release is Gone.
    if (result->outcome != Outcome::Done && use == LeaseUse::Renew) fail_lease(*result);
    return connection_.problem().empty();
  }

  /// Releases the lease, so that the next server need not wait. The outcome does not affect the
  /// result.
  void release() {
    renewal_.cancel();
    if (connection_.run_until([this] { return !renewing_; }))
      (void)run_transaction(LeaseUse::Release, {});
  }

  const RedisOptions options_;
  const GcOptions& gc_options_;
  const Keys keys_;
  const Lease lease_;
  ToolConnection connection_;
  Timer renewal_;
  bool renewing_ = false;
  bool no_schema_ = false;
  GcResult result_;
};

}  // namespace

GcResult collect_garbage(const RedisOptions& options, const GcOptions& gc_options) {
  return GarbageCollector(options, gc_options).run();
}

}  // namespace signaller::persist
