#include "persist/redis/fenced_write.hpp"

#include <fmt/format.h>

#include <memory>
#include <string_view>

#include "persist/format/load_warnings.hpp"
#include "persist/redis/explain.hpp"

namespace signaller::persist {
namespace {

using Verdict = FencedResult::Verdict;

/// What is known of a transaction under way.
struct Progress {
  FencedResult answer;
  bool committed = false;
  std::vector<std::pair<std::size_t, std::string>> refused;  ///< commands that are not queued
  std::string own;                                           ///< our token
  OnFenced done;

  void fail(std::string why) {
    if (answer.why.empty()) answer.why = std::move(why);
  }
  void fail(const RedisReply& reply) { fail(explain(reply.text())); }
};

void note_exec(Progress& progress, const RedisReply& reply, std::size_t count) {
  if (reply.error()) {
    if (progress.refused.empty()) progress.fail(reply);
  } else if (reply.nil()) {
    return;  // the lease has changed: GET says to whom
  } else if (reply.size() != count) {
    progress.fail("Redis answers what was not asked");
  } else if (reply[0].error()) {
    progress.fail(reply[0]);  // the lease is not renewed: nothing else of it is to be trusted
  } else {
    progress.committed = true;
    for (std::size_t i = 1; i < count; ++i) {
      if (reply[i].error()) progress.answer.errors.emplace_back(i - 1, reply[i].text());
    }
  }
}

void conclude(Progress& progress, const RedisReply& token) {
  FencedResult& answer = progress.answer;
  if (token.error()) {
    progress.fail(token);
  } else if (answer.why.empty() && token.nil()) {
    answer.verdict = Verdict::Gone;
  } else if (answer.why.empty() && token.text() != progress.own) {
    answer.verdict = Verdict::Taken;
    answer.why = token.text();
  } else if (answer.why.empty() && !progress.refused.empty()) {
    answer.verdict = Verdict::Refused;
    answer.errors = std::move(progress.refused);
  } else if (answer.why.empty()) {
    answer.verdict = progress.committed ? Verdict::Done : Verdict::Again;
  }
  progress.done(std::move(answer));
}

}  // namespace

/// Who may read, but not watch, must not believe that nobody else writes.
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
  const auto progress = std::make_shared<Progress>();
  progress->own = lease.token;
  progress->done = std::move(done);
  const auto queue = [&](const Argv& argv) {
    link.send(argv, [progress](const RedisReply& reply) {
      if (reply.error()) progress->fail(reply);
    });
  };
  queue({"MULTI"});
  if (use == LeaseUse::Renew) {
    queue({"SET", lease.key, lease.token, "PX", std::to_string(lease.ttl.count())});
  } else {
    queue({"DEL", lease.key});
  }
  for (std::size_t i = 0; i < writes.size(); ++i) {
    link.send(writes[i], [progress, i](const RedisReply& reply) {
      if (!reply.error()) return;
      if (is_of_command(reply.text())) {
        progress->refused.emplace_back(i, reply.text());
      } else {
        progress->fail(reply);
      }
    });
  }
  link.send({"EXEC"}, [progress, count = writes.size() + 1](const RedisReply& reply) {
    note_exec(*progress, reply, count);
  });
  watch_lease(link, lease, [progress](const RedisReply& token) { conclude(*progress, token); });
}

}  // namespace signaller::persist
