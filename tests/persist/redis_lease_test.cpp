// Of two servers on one prefix, only one can write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include "tests/persist/records.hpp"
#include "tests/persist/redis_driver.hpp"
#include "tests/persist/redis_server.hpp"

using namespace signaller;
using namespace signaller::tests;
using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using Kind = port::StoreEvent::Kind;

namespace {

const std::string lease = "signaller:lease";
const std::string foreign_token = "bootX elsewhere 77 1 far-away";

persist::RedisOptions options_with(const RedisServer& server, std::chrono::milliseconds ttl,
                                   std::string boot = "boot1") {
  auto options = redis_options(server.url(), std::move(boot));
  options.lease_ttl = ttl;
  return options;
}

void expect_fenced(RedisDriver& driver, const std::string& who) {
  const auto event = driver.next_event();
  EXPECT_EQ(event.kind, Kind::Fenced);
  EXPECT_THAT(event.why, HasSubstr(who));
  EXPECT_FALSE(driver.store->status().ready);
  EXPECT_FALSE(driver.save({peer("60", "late")}));
  EXPECT_FALSE(driver.save({}));
}

class RedisLease : public testing::Test {
 protected:
  std::string holder() { return server.ask({"GET", lease}); }
  bool has(const std::string& id) { return server.ask({"EXISTS", "signaller:peer:" + id}) == "1"; }
  RedisServer server;
};

}  // namespace

TEST_F(RedisLease, NamesTheProcessAndIsReleasedOnClose) {
  RedisDriver driver(redis_options(server.url()));
  EXPECT_EQ(driver.load().error, "");
  EXPECT_EQ(holder(), persist::this_process("boot1").text());
  EXPECT_GT(std::stoi(server.ask({"PTTL", lease})), 5'000);
  driver.begin_save({peer("5f", "ann")});
  driver.close();
  EXPECT_TRUE(driver.end_save()) << "the batch under way is finished first";
  EXPECT_TRUE(has("5f"));
  EXPECT_EQ(holder(), "(nil)");
  EXPECT_FALSE(driver.save({peer("60", "bob")})) << "after it was closed";
  driver.close();
}

TEST_F(RedisLease, IsRenewedWhenIdle) {
  RedisDriver driver(options_with(server, 600ms));
  driver.load();
  server.tell({"PEXPIRE", lease, "1000000"});
  driver.until([this] { return std::stoi(server.ask({"PTTL", lease})) <= 600; });
  EXPECT_TRUE(driver.save({peer("5f", "ann")}));
}

TEST_F(RedisLease, ReportsALeaseThatNeverExpires) {
  server.tell({"SET", lease, foreign_token});
  RedisDriver driver(options_with(server, 200ms));
  const auto error = driver.load().error;
  EXPECT_THAT(error, HasSubstr("process 77 on elsewhere"));
  EXPECT_THAT(error, HasSubstr("DEL signaller:lease"));
  const auto wait_texts = HasSubstr("waiting until the lease of process 77 on elsewhere");
  EXPECT_THAT(driver.warnings, Contains(wait_texts));
  EXPECT_THAT(driver.problems, Contains(wait_texts));
  EXPECT_EQ(driver.problems.back(), error);
}

TEST_F(RedisLease, FencesWhenTakenBetweenBatches) {
  RedisDriver driver(redis_options(server.url()));
  driver.load();
  ASSERT_TRUE(driver.save({peer("5f", "ann")}));
  server.tell({"SET", lease, foreign_token});
  EXPECT_FALSE(driver.save({peer("60", "bob"), port::PeerGone{"5f"}}));
  expect_fenced(driver, "process 77 on elsewhere");
  EXPECT_TRUE(has("5f"));
  EXPECT_FALSE(has("60"));
  driver.close();
  EXPECT_EQ(holder(), foreign_token);
}

TEST_F(RedisLease, FencesWhenTakenDuringAReconnect) {
  RedisDriver driver(redis_options(server.url()));
  driver.load();
  server.tell({"SET", lease, foreign_token});
  server.tell({"CLIENT", "KILL", "TYPE", "normal"});
  EXPECT_EQ(driver.next_event().kind, Kind::Away);
  expect_fenced(driver, "process 77 on elsewhere");
  EXPECT_EQ(holder(), foreign_token);
}

TEST_F(RedisLease, FencesWhenAnotherServerHeldItMeanwhile) {
  RedisDriver driver(redis_options(server.url()));
  driver.load();
  ASSERT_TRUE(driver.save({peer("5f", "ann")}));
  server.tell({"SET", "signaller:filled", "bootX"});
  server.tell({"DEL", lease});
  server.tell({"CLIENT", "KILL", "TYPE", "normal"});
  EXPECT_EQ(driver.next_event().kind, Kind::Away);
  expect_fenced(driver, "bootX");
  driver.close();
  EXPECT_EQ(holder(), "(nil)") << "it is given back";
}

TEST_F(RedisLease, StaysValidWhenOnlyItsExpiryChanges) {
  RedisDriver driver(redis_options(server.url()));
  driver.load();
  // This command has the effect of a delayed transaction of an older connection.
  server.tell({"PEXPIRE", lease, "20000"});
  EXPECT_TRUE(driver.save({peer("5f", "ann")}));
  EXPECT_TRUE(has("5f"));
  EXPECT_TRUE(driver.events.empty());
}

TEST_F(RedisLease, IsTakenAgainAfterItDisappeared) {
  RedisDriver driver(redis_options(server.url()));
  driver.load();
  ASSERT_TRUE(driver.save({peer("5f", "ann")}));
  server.tell({"DEL", lease});
  EXPECT_FALSE(driver.save({peer("60", "bob")}));
  EXPECT_EQ(driver.next_event().kind, Kind::Away);
  const auto ready = driver.next_event();
  EXPECT_EQ(ready.kind, Kind::Ready);
  EXPECT_FALSE(ready.incomplete) << "nothing else is gone";
  EXPECT_TRUE(driver.save({peer("60", "bob")}));
  EXPECT_EQ(holder(), persist::this_process("boot1").text());
}

TEST_F(RedisLease, ASuspendedServerDoesNotWriteAfterItsSuccessor) {
  RedisDriver asleep(options_with(server, 300ms, "boot1"));
  asleep.load();
  ASSERT_TRUE(asleep.save({peer("5f", "ann")}));
  // The successor runs while the first store is suspended.
  RedisDriver successor(options_with(server, 10s, "boot2"));
  EXPECT_EQ(successor.load().snapshot.peers.size(), 1U);
  ASSERT_TRUE(successor.save({port::PeerGone{"5f"}}));
  EXPECT_FALSE(asleep.save({peer("5f", "ann again")}));
  expect_fenced(asleep, "process");
  EXPECT_FALSE(has("5f"));
  EXPECT_TRUE(successor.save({peer("61", "cid")}));
}

TEST_F(RedisLease, IsTakenAtOnceFromADeadProcess) {
  persist::LeaseHolder dead = persist::this_process("boot0");
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  ASSERT_EQ(::waitpid(pid, nullptr, 0), pid);
  dead.pid = pid;
  server.tell({"SET", lease, dead.text()});
  // The lease lasts an hour: if the load waited for the end of the lease, the test would time out.
  RedisDriver driver(options_with(server, 1h));
  EXPECT_EQ(driver.load().error, "");
  EXPECT_EQ(holder(), persist::this_process("boot1").text());
}

TEST_F(RedisLease, WaitsForALeaseOfAnotherMachine) {
  server.tell({"SET", lease, foreign_token, "PX", "100"});
  RedisDriver driver(options_with(server, 20s));
  EXPECT_EQ(driver.load().error, "");
  EXPECT_TRUE(driver.save({peer("5f", "ann")}));
}

TEST_F(RedisLease, IsNotTakenFromALiveServer) {
  server.tell({"SET", lease, foreign_token});
  RedisDriver driver(options_with(server, 200ms));
  const auto restored = driver.load();
  EXPECT_THAT(restored.error, HasSubstr("process 77 on elsewhere"));
  EXPECT_FALSE(driver.save({peer("5f", "ann")}));
  EXPECT_FALSE(has("5f"));
  driver.close();
  EXPECT_EQ(holder(), foreign_token);
}

TEST_F(RedisLease, EscapesAMalformedToken) {
  server.tell({"SET", lease, "\x1b[31m"});
  RedisDriver driver(options_with(server, 100ms));
  EXPECT_THAT(driver.load().error, HasSubstr("\\x1b[31m"));
}

TEST_F(RedisLease, CloseEndsAWaitingLoad) {
  server.tell({"SET", lease, foreign_token});
  RedisDriver driver(redis_options(server.url()));
  driver.begin_load();
  driver.close();
  EXPECT_NE(driver.end_load().error, "");
}
