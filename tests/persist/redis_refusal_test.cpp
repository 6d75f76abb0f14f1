// Redis runs and refuses commands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/persist/records.hpp"
#include "tests/persist/redis_driver.hpp"
#include "tests/persist/redis_server.hpp"

using namespace signaller;
using namespace signaller::tests;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Kind = port::StoreEvent::Kind;

namespace {

/// A store that has loaded a peer and a channel.
class RedisRefusal : public testing::Test {
 protected:
  void SetUp() override {
    EXPECT_EQ(driver.load().error, "");
    ASSERT_TRUE(driver.save({peer("5f", "ann"), channel("#x"), message("#x", 1)}));
    driver.warnings.clear();
  }
  /// Checks that writes are refused after `damage` and accepted after `repair`.
  void expect_refused_writes(const std::vector<std::string>& damage,
                             const std::vector<std::string>& repair, const std::string& why) {
    server.tell(damage);
    EXPECT_FALSE(driver.save({peer("60", "bob")}));
    const auto away = driver.next_event();
    EXPECT_EQ(away.kind, Kind::Away);
    EXPECT_THAT(away.why, HasSubstr(why));
    server.tell(repair);
    const auto ready = driver.next_event();
    EXPECT_EQ(ready.kind, Kind::Ready);
    EXPECT_FALSE(ready.incomplete);
    EXPECT_TRUE(driver.save({peer("60", "bob")}));
    EXPECT_EQ(driver.events.size(), 2U) << "no further events";
  }

  RedisServer server;
  RedisDriver driver{redis_options(server.url())};
};

}  // namespace

TEST_F(RedisRefusal, RecoversFromFullMemory) {
  expect_refused_writes({"CONFIG", "SET", "maxmemory", "1"}, {"CONFIG", "SET", "maxmemory", "0"},
                        "OOM");
}

TEST_F(RedisRefusal, RecoversFromAReadOnlyReplica) {
  expect_refused_writes({"REPLICAOF", "127.0.0.1", "1"}, {"REPLICAOF", "NO", "ONE"}, "READONLY");
}

TEST_F(RedisRefusal, RecoversFromTooFewReplicas) {
  expect_refused_writes({"CONFIG", "SET", "min-replicas-to-write", "1"},
                        {"CONFIG", "SET", "min-replicas-to-write", "0"}, "NOREPLICAS");
}

TEST_F(RedisRefusal, RecoversFromMissingPermission) {
  expect_refused_writes({"ACL", "SETUSER", "default", "-xadd", "-hset"},
                        {"ACL", "SETUSER", "default", "+@all"}, "NOPERM");
}

TEST_F(RedisRefusal, ReplacesAKeyOfTheWrongType) {
  server.tell({"DEL", "signaller:log:#x"});
  server.tell({"SET", "signaller:log:#x", "hostile"});
  EXPECT_TRUE(driver.save({message("#x", 2), message("#x", 3), peer("60", "bob")}));
  EXPECT_THAT(driver.warnings, ElementsAre(HasSubstr("signaller:log:#x")));
  const auto ready = driver.next_event();
  EXPECT_EQ(ready.kind, Kind::Ready);
  EXPECT_TRUE(ready.incomplete) << "what it had held is gone";
  EXPECT_EQ(driver.store->status().errors, 1U);
  EXPECT_EQ(server.ask({"XLEN", "signaller:log:#x"}), "2");
  EXPECT_TRUE(driver.save({message("#x", 4)}));
}

TEST_F(RedisRefusal, OverwritesAKeyThatIsWrittenWhole) {
  server.tell({"DEL", "signaller:peer:5f"});
  server.tell({"RPUSH", "signaller:peer:5f", "hostile"});
  EXPECT_TRUE(driver.save({peer("5f", "ann")}));
  EXPECT_TRUE(driver.warnings.empty());
}

TEST_F(RedisRefusal, ReplacesALogWithForeignEntries) {
  server.tell({"XADD", "signaller:log:#x", "5-0", "d", "1 other - 0 0 "});
  EXPECT_TRUE(
      driver.save({message("#x", 3), message("#x", 5), message("#x", 6), peer("60", "bob")}));
  EXPECT_THAT(driver.warnings,
              ElementsAre("signaller:log:#x: deleted, and will be written again: it had "
                          "entries that this server did not write"));
  const auto ready = driver.next_event();
  EXPECT_EQ(ready.kind, Kind::Ready);
  EXPECT_TRUE(ready.incomplete) << "1 is gone with them";
  EXPECT_EQ(driver.store->status().errors, 1U);
  EXPECT_EQ(server.ask({"XLEN", "signaller:log:#x"}), "3") << "3, 5 and 6";
  EXPECT_EQ(server.ask({"HGET", "signaller:peer:60", "nick"}), "bob") << "the rest is kept";
  EXPECT_TRUE(
      driver.save({message("#x", 1), message("#x", 3), message("#x", 5), message("#x", 6)}));
  EXPECT_EQ(server.ask({"XLEN", "signaller:log:#x"}), "4");
  EXPECT_EQ(driver.events.size(), 1U) << "no further event";
}

TEST_F(RedisRefusal, ReplacesALogWithTheHighestId) {
  server.tell({"XADD", "signaller:log:#x", "18446744073709551615-18446744073709551615", "d", "x"});
  EXPECT_TRUE(driver.save({message("#x", 2), message("#x", 3), peer("60", "bob")}));
  EXPECT_THAT(driver.warnings, ElementsAre(HasSubstr("signaller:log:#x: ")));
  EXPECT_TRUE(driver.next_event().incomplete);
  EXPECT_EQ(server.ask({"XLEN", "signaller:log:#x"}), "2");
  EXPECT_EQ(server.ask({"HGET", "signaller:peer:60", "nick"}), "bob");
}

TEST_F(RedisRefusal, ReplacesAnAuditLogWithLaterEntries) {
  server.tell({"XADD", "signaller:audit", "99-0", "verb", "hostile"});
  EXPECT_TRUE(driver.save({audit(1), audit(2)}));
  EXPECT_TRUE(driver.next_event().incomplete);
  EXPECT_TRUE(driver.save({audit(1), audit(2)}));
  EXPECT_EQ(server.ask({"XLEN", "signaller:audit"}), "2");
  EXPECT_EQ(driver.events.size(), 1U);
}

TEST_F(RedisRefusal, ReportsAMessageOutOfOrder) {
  EXPECT_TRUE(driver.save({message("#x", 4, 4), message("#x", 2, 1), peer("60", "bob")}));
  EXPECT_THAT(driver.warnings,
              ElementsAre("signaller:log:#x: entry 2-0 not written: it is out of order"));
  EXPECT_TRUE(driver.events.empty());
  EXPECT_EQ(server.ask({"HGET", "signaller:peer:60", "nick"}), "bob");
  EXPECT_THAT(driver.left_out, ElementsAre(message("#x", 2).message.msgid)) << "no ACK for it";
  EXPECT_TRUE(driver.save({message("#x", 5), mail("60", 1)}));
  EXPECT_TRUE(driver.left_out.empty());
}

TEST_F(RedisRefusal, DoesNotWriteWithoutPermissionToWatch) {
  server.tell({"ACL", "SETUSER", "default", "-watch"});
  EXPECT_FALSE(driver.save({peer("60", "bob")}));
  EXPECT_THAT(driver.next_event().why, HasSubstr("NOPERM"));
  server.tell({"ACL", "SETUSER", "default", "+@all"});
  EXPECT_EQ(driver.next_event().kind, Kind::Ready);
}

TEST(RedisPassword, IsRequiredAndNeverShown) {
  const RedisServer server({"--requirepass", "hunter2"});
  RedisDriver none(redis_options(server.url()));
  none.begin_load();
  none.until([&] { return !none.warnings.empty(); });
  EXPECT_THAT(none.warnings, Contains(HasSubstr("requires a password")));

  const std::string path = server.path();
  RedisDriver wrong(redis_options("redis+unix://:hunter3@" + path));
  wrong.begin_load();
  wrong.until([&] { return !wrong.warnings.empty(); });
  EXPECT_THAT(wrong.warnings, Contains(HasSubstr("WRONGPASS")));
  EXPECT_THAT(wrong.warnings, Each(Not(HasSubstr("hunter"))));

  RedisDriver right(redis_options("redis+unix://default:hunter2@" + path + "?db=3"));
  EXPECT_EQ(right.load().error, "");
  EXPECT_TRUE(right.save({peer("5f", "ann")}));
}

TEST(RedisUser, NeedsOnlyTheDocumentedPermissions) {
  const RedisServer server;
  server.tell({"ACL", "SETUSER", "chat", "on", ">secret", "~signaller:*", "+@read", "+@write",
               "+@transaction", "+@connection", "+info", "+config|get"});
  RedisDriver driver(redis_options("redis+unix://chat:secret@" + server.path()));
  EXPECT_EQ(driver.load().error, "");
  EXPECT_TRUE(driver.save({peer("5f", "ann"), channel("#x"), message("#x", 1), message("#x", 1),
                           audit(1), port::ServerBanGone{"5f"}, port::PeerGone{"60"}}));
  EXPECT_EQ(driver.warnings.size(), 1U) << "appendonly is off";
  driver.close();
  EXPECT_EQ(server.ask({"EXISTS", "signaller:lease"}), "0");
}

TEST(RedisWarnings, NameUnsafeSettingsAndTheRemedy) {
  const RedisServer loose({"--maxmemory", "1gb", "--maxmemory-policy", "allkeys-lru"});
  RedisDriver driver(redis_options(loose.url()));
  driver.load();
  EXPECT_THAT(driver.warnings,
              ElementsAre(AllOf(HasSubstr("appendonly is off"), HasSubstr("Set appendonly yes")),
                          AllOf(HasSubstr("allkeys-lru"), HasSubstr("noeviction"))));
  loose.tell({"CLIENT", "KILL", "TYPE", "normal"});
  driver.next_event();
  driver.next_event();
  EXPECT_EQ(driver.warnings.size(), 2U) << "reported once per change";
}

TEST(RedisWarnings, NameAnUnsafeAppendfsync) {
  for (const std::string late : {"everysec", "no"}) {
    const RedisServer server({"--appendonly", "yes", "--appendfsync", late});
    RedisDriver driver(redis_options(server.url()));
    driver.load();
    EXPECT_THAT(driver.warnings, ElementsAre(AllOf(HasSubstr("appendfsync is " + late),
                                                   HasSubstr("Set appendfsync always"))));
  }
}

TEST(RedisWarnings, AreEmptyForASafeRedis) {
  const RedisServer server({"--appendonly", "yes", "--appendfsync", "always", "--maxmemory", "1gb",
                            "--maxmemory-policy", "noeviction"});
  RedisDriver driver(redis_options(server.url()));
  driver.load();
  EXPECT_THAT(driver.warnings, IsEmpty());
}

TEST(RedisWarnings, SayThatAppendfsyncIsHidden) {
  const RedisServer server({"--appendonly", "yes", "--appendfsync", "always"});
  server.tell({"ACL", "SETUSER", "default", "-config|get"});
  RedisDriver driver(redis_options(server.url()));
  EXPECT_EQ(driver.load().error, "");
  EXPECT_THAT(driver.warnings, ElementsAre(HasSubstr("config|get")));
}
