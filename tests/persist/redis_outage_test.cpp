// Redis crashes, is emptied, is suspended, and comes back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/persist/records.hpp"
#include "tests/persist/redis_driver.hpp"
#include "tests/persist/redis_server.hpp"

using namespace signaller;
using namespace signaller::tests;
using namespace std::chrono_literals;
using testing::HasSubstr;
using Kind = port::StoreEvent::Kind;

namespace {

std::vector<port::Record> outage_records(int count, const std::string& nick = "p") {
  std::vector<port::Record> records;
  for (int i = 0; i < count; ++i) records.emplace_back(peer(std::to_string(100'000 + i), nick));
  return records;
}

/// Loads the data that a new server would find.
port::Snapshot stored(const RedisServer& server) {
  RedisDriver driver(redis_options(server.url(), "reader"));
  auto restored = driver.load();
  EXPECT_EQ(restored.error, "");
  driver.close();
  return std::move(restored.snapshot);
}

}  // namespace

TEST(RedisOutage, RedisIsKilledDuringABatch) {
  RedisServer server;
  RedisDriver driver(redis_options(server.url()));
  driver.load();
  ASSERT_TRUE(driver.save({peer("5f", "ann")}));
  driver.begin_save(outage_records(20'000));
  driver.until([&] { return std::stoi(server.ask({"DBSIZE"})) > 1'000; });
  server.kill();
  EXPECT_FALSE(driver.end_save()) << "Redis may or may not have stored it";
  EXPECT_EQ(driver.next_event().kind, Kind::Away);
  EXPECT_FALSE(driver.store->status().ready);
  EXPECT_NE(driver.store->status().problem, "");
  EXPECT_FALSE(driver.save({peer("60", "bob")}));
  server.start();
  const auto ready = driver.next_event();
  EXPECT_EQ(ready.kind, Kind::Ready);
  EXPECT_TRUE(ready.incomplete) << "Redis restarted";
  EXPECT_EQ(driver.store->status().problem, "");
  EXPECT_TRUE(driver.save({peer("5f", "ann")}));
  driver.close();
  const auto all = stored(server);
  ASSERT_EQ(all.peers.size(), 1U);
  EXPECT_EQ(all.peers[0].nick, "ann");
}

TEST(RedisOutage, ConfirmedBatchesSurviveAKill) {
  RedisServer server({"--appendonly", "yes", "--appendfsync", "always"});
  RedisDriver driver(redis_options(server.url()));
  driver.load();
  EXPECT_TRUE(driver.warnings.empty()) << driver.warnings.front();
  ASSERT_TRUE(driver.save({channel("#x"), message("#x", 1), message("#x", 2)}));
  driver.begin_save({message("#x", 3)});
  server.kill();
  const bool third = driver.end_save();
  EXPECT_EQ(driver.next_event().kind, Kind::Away);
  server.start();
  EXPECT_TRUE(driver.next_event().incomplete);
  // As the core does, saves the earlier records again, together with a later one.
  EXPECT_TRUE(driver.save(
      {channel("#x"), message("#x", 1), message("#x", 2), message("#x", 3), message("#x", 4)}));
  EXPECT_EQ(driver.store->status().errors, third ? 0U : 1U);
  driver.close();
  EXPECT_EQ(stored(server).messages.size(), 4U);
}

TEST(RedisOutage, AnEmptiedRedisGetsEverythingAgain) {
  RedisServer server;
  RedisDriver driver(redis_options(server.url()));
  driver.load();
  ASSERT_TRUE(driver.save({peer("5f", "ann")}));
  server.tell({"FLUSHALL"});
  EXPECT_FALSE(driver.save({peer("60", "bob")}));
  EXPECT_EQ(driver.next_event().kind, Kind::Away);
  const auto ready = driver.next_event();
  EXPECT_EQ(ready.kind, Kind::Ready);
  EXPECT_TRUE(ready.incomplete);
  EXPECT_TRUE(driver.save({peer("5f", "ann"), peer("60", "bob")}));
  EXPECT_EQ(server.ask({"GET", "signaller:schema"}), "1");
  EXPECT_EQ(server.ask({"GET", "signaller:filled"}).substr(0, 6), "boot1 ");
  EXPECT_EQ(server.ask({"GET", "signaller:key"}), "fingerprint");
  driver.close();
  EXPECT_EQ(stored(server).peers.size(), 2U);
}

TEST(RedisOutage, RedisIsEmptiedBeforeTheFirstBatch) {
  RedisServer server;
  {
    RedisDriver before(redis_options(server.url(), "boot0"));
    before.load();
    ASSERT_TRUE(before.save({peer("5f", "ann")}));
    before.close();
  }
  RedisDriver driver(redis_options(server.url()));
  EXPECT_EQ(driver.load().snapshot.peers.size(), 1U);
  server.tell({"FLUSHALL"});
  EXPECT_FALSE(driver.save({peer("60", "bob")}));
  EXPECT_EQ(driver.next_event().kind, Kind::Away);
  EXPECT_TRUE(driver.next_event().incomplete);
}

TEST(RedisOutage, RedisIsSilentDuringABatch) {
  RedisServer server;
  auto options = redis_options(server.url());
  options.timeout = 300ms;
  RedisDriver driver(options);
  driver.load();
  ASSERT_TRUE(driver.save({peer("5f", "ann")}));
  server.pause();
  EXPECT_FALSE(driver.save({peer("60", "bob")}));
  const auto away = driver.next_event();
  EXPECT_EQ(away.kind, Kind::Away);
  EXPECT_THAT(away.why, HasSubstr("has not answered for"));
  server.go_on();
  const auto ready = driver.next_event();
  EXPECT_EQ(ready.kind, Kind::Ready);
  EXPECT_FALSE(ready.incomplete) << "Redis still has everything";
  EXPECT_TRUE(driver.save({peer("60", "bob")}));
}

/// A delayed transaction of an older connection must not undo a later one.
TEST(RedisOutage, ADelayedTransactionHasNoEffect) {
  RedisServer server;
  auto options = redis_options(server.url());
  options.timeout = 200ms;
  RedisDriver driver(options);
  driver.load();
  for (int round = 0; round < 5; ++round) {
    const std::string later = "later" + std::to_string(round);
    server.pause();
    EXPECT_FALSE(driver.save({peer("5f", "earlier")}));
    server.go_on();
    EXPECT_EQ(driver.next_event().kind, Kind::Away);
    EXPECT_EQ(driver.next_event().kind, Kind::Ready);
    ASSERT_TRUE(driver.save({peer("5f", later)}));
    EXPECT_EQ(server.ask({"HGET", "signaller:peer:5f", "nick"}), later);
  }
}

TEST(RedisOutage, RedisIsSilentDuringClose) {
  RedisServer server;
  auto options = redis_options(server.url());
  options.timeout = 200ms;
  RedisDriver driver(options);
  driver.load();
  server.pause();
  driver.begin_save({peer("5f", "ann")});
  driver.close();
  EXPECT_FALSE(driver.end_save());
  EXPECT_TRUE(driver.events.empty()) << "closed, not away";
}

TEST(RedisOutage, AKilledConnectionLosesNothing) {
  RedisServer server;
  RedisDriver driver(redis_options(server.url()));
  driver.load();
  ASSERT_TRUE(driver.save({peer("5f", "ann")}));
  server.tell({"CLIENT", "KILL", "TYPE", "normal"});
  EXPECT_EQ(driver.next_event().kind, Kind::Away);
  const auto ready = driver.next_event();
  EXPECT_EQ(ready.kind, Kind::Ready);
  EXPECT_FALSE(ready.incomplete);
  EXPECT_TRUE(driver.save({peer("60", "bob")}));
}

TEST(RedisOutage, RedisIsUnreachableAtTheStart) {
  RedisServer server;
  server.kill();
  RedisDriver driver(redis_options(server.url()));
  driver.begin_load();
  driver.until([&] { return !driver.warnings.empty(); });
  EXPECT_THAT(driver.warnings[0], HasSubstr(server.path()));
  EXPECT_FALSE(driver.store->status().ready);
  server.start();
  EXPECT_EQ(driver.end_load().error, "");
  EXPECT_TRUE(driver.store->status().ready);
  EXPECT_TRUE(driver.events.empty()) << "the result of load() reports it";
}

TEST(RedisOutage, TheStoreIsDestroyedDuringABatch) {
  RedisServer server;
  {
    RedisDriver driver(redis_options(server.url()));
    driver.begin_load();
  }
  {
    RedisDriver driver(redis_options(server.url()));
    driver.load();
    driver.begin_save(outage_records(100));
  }
  auto options = redis_options(server.url(), "boot2");
  options.lease_ttl = 10s;
  RedisDriver never(options);
  EXPECT_EQ(never.store->status().problem, "not loaded");
}

TEST(RedisOutage, RecognisesMailThatIsStoredAlready) {
  const RedisServer server;
  RedisDriver driver(redis_options(server.url()));
  driver.load();
  auto second = mail("5f", 2);
  second.handed = true;
  ASSERT_TRUE(driver.save({peer("5f", "ann"), mail("5f", 1), second}));
  ASSERT_TRUE(driver.save({second}));
  second.handed = false;  // the message was put back into the inbox
  ASSERT_TRUE(driver.save({second}));
  EXPECT_TRUE(driver.events.empty()) << "nothing is written again";
  driver.close();
  EXPECT_EQ(stored(server).mail.size(), 2U);
}
