#include "persist/redis/fenced_write.hpp"

#include <fmt/format.h>

#include <memory>
#include <string_view>

#include "persist/format/load_warnings.hpp"
#include "persist/redis/explain.hpp"

namespace signaller::persist {
namespace {

using Outcome = FencedResult::Outcome;

/// State of a transaction in flight.
struct Transaction {
  FencedResult result;
  bool committed = false;
  /// Commands that Redis refused to queue.
  std::vector<std::pair<std::size_t, std::string>> refused;
  std::string token;  ///< token of this process
  OnFenced done;

  void fail(std::string why) {
    if (result.why.empty()) result.why = std::move(why);
  }
  void fail(const RedisReply& reply) { fail(explain(reply.text())); }
};

void read_exec(Transaction& transaction, const RedisReply& reply, std::size_t count) {
  if (reply.error()) {
    if (transaction.refused.empty()) transaction.fail(reply);
  } else if (reply.nil()) {
    return;  // the lease has changed: the reply of GET names the holder
  } else if (reply.size() != count) {
    transaction.fail("Redis sent an unexpected reply");
  } else if (reply[0].error()) {
    // the command of the lease failed, so the whole transaction counts as failed
    transaction.fail(reply[0]);
  } else {
    transaction.committed = true;
    for (std::size_t i = 1; i < count; ++i) {
      if (reply[i].error()) transaction.result.errors.emplace_back(i - 1, reply[i].text());
    }
  }
}

void conclude(Transaction& transaction, const RedisReply& reply) {
  FencedResult& result = transaction.result;
  if (reply.error()) {
    transaction.fail(reply);
  } else if (result.why.empty() && reply.nil()) {
    result.outcome = Outcome::Gone;
  } else if (result.why.empty() && reply.text() != transaction.token) {
    result.outcome = Outcome::Taken;
    result.why = reply.text();
  } else if (result.why.empty() && !transaction.refused.empty()) {
    result.outcome = Outcome::Refused;
    result.errors = std::move(transaction.refused);
  } else if (result.why.empty()) {
    result.outcome = transaction.committed ? Outcome::Done : Outcome::Again;
  }
  transaction.done(std::move(result));
}

}  // namespace

/// The Redis user may have the right to GET but not to WATCH. Without WATCH this server cannot
/// notice another writer, so an error of WATCH replaces the reply of GET.
void watch_lease(RedisLink& link, const Lease& lease, RedisLink::OnReply on_token) {
  const auto refusal = std::make_shared<std::string>();
  link.send({"WATCH", lease.key}, [refusal](const RedisReply& reply) {
    if (reply.error()) *refusal = reply.text();
  });
  link.send({"GET", lease.key}, [refusal, done = std::move(on_token)](const RedisReply& reply) {
    if (refusal->empty()) return done(reply);
    redisReply error{};
    error.type = REDIS_REPLY_ERROR;
    error.str = refusal->data();
    error.len = refusal->size();
    done(RedisReply(&error));
  });
}

void fenced_write(RedisLink& link, const Lease& lease, LeaseUse use,
                  const std::vector<Argv>& writes, OnFenced done) {
  const auto transaction = std::make_shared<Transaction>();
  transaction->token = lease.token;
  transaction->done = std::move(done);
  const auto queue = [&](const Argv& argv) {
    link.send(argv, [transaction](const RedisReply& reply) {
      if (reply.error()) transaction->fail(reply);
    });
  };
  queue({"MULTI"});
  if (use == LeaseUse::Renew) {
    queue({"SET", lease.key, lease.token, "PX", std::to_string(lease.ttl.count())});
  } else {
    queue({"DEL", lease.key});
  }
  for (std::size_t i = 0; i < writes.size(); ++i) {
    link.send(writes[i], [transaction, i](const RedisReply& reply) {
      if (!reply.error()) return;
      if (is_of_command(reply.text())) {
        transaction->refused.emplace_back(i, reply.text());
      } else {
        transaction->fail(reply);
      }
    });
  }
  link.send({"EXEC"}, [transaction, count = writes.size() + 1](const RedisReply& reply) {
    read_exec(*transaction, reply, count);
  });
  watch_lease(link, lease,
              [transaction](const RedisReply& reply) { conclude(*transaction, reply); });
}

}  // namespace signaller::persist
