// Redis runs but is not ready: it is loading, or cannot write its files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/persist/records.hpp"
#include "tests/persist/redis_driver.hpp"
#include "tests/persist/redis_server.hpp"

using namespace signaller;
using namespace signaller::tests;
using testing::HasSubstr;
using Kind = port::StoreEvent::Kind;

namespace {

std::vector<port::Record> health_records(int count) {
  std::vector<port::Record> records;
  for (int i = 0; i < count; ++i) records.emplace_back(peer(std::to_string(100'000 + i), "p"));
  return records;
}

}  // namespace

TEST(RedisHealth, WaitsWhileRedisLoadsAfterARestart) {
  RedisServer server(
      {"--key-load-delay", "300", "--loading-process-events-interval-bytes", "1024"});
  RedisDriver driver(redis_options(server.url()));
  driver.load();
  ASSERT_TRUE(driver.save(health_records(3'000)));
  server.tell({"SAVE"});
  server.kill();
  EXPECT_EQ(driver.next_event().kind, Kind::Away);
  server.launch();
  driver.until([&] { return driver.store->status().problem.find("LOADING") != std::string::npos; });
  EXPECT_FALSE(driver.save({}));
  const auto ready = driver.next_event();
  EXPECT_EQ(ready.kind, Kind::Ready);
  EXPECT_TRUE(ready.incomplete);
  EXPECT_EQ(ready.names.peers.size(), 3'000U);
  EXPECT_TRUE(driver.save({peer("60", "bob")}));
}

TEST(RedisHealth, WaitsWhileRedisLoadsAtTheStart) {
  RedisServer server(
      {"--key-load-delay", "300", "--loading-process-events-interval-bytes", "1024"});
  {
    RedisDriver first(redis_options(server.url(), "boot0"));
    first.load();
    ASSERT_TRUE(first.save(health_records(3'000)));
    first.close();
  }
  server.tell({"SAVE"});
  server.kill();
  server.launch();
  RedisDriver driver(redis_options(server.url()));
  const auto restored = driver.load();
  EXPECT_EQ(restored.error, "");
  EXPECT_EQ(restored.snapshot.peers.size(), 3'000U);
  EXPECT_THAT(driver.warnings, testing::Contains(HasSubstr("still loading")));
}

/// Removes the folder: file permissions would not stop root.
TEST(RedisHealth, IsAwayWhileRedisCannotSave) {
  RedisServer server({"--enable-protected-configs", "yes"});
  RedisDriver driver(redis_options(server.url()));
  driver.load();
  ASSERT_TRUE(driver.save({peer("5f", "ann")}));
  const std::string gone = server.folder() + "/gone";
  std::filesystem::create_directory(gone);
  server.tell({"CONFIG", "SET", "dir", gone});
  std::filesystem::remove(gone);
  server.tell({"CONFIG", "SET", "save", "3600 1"});
  server.tell({"BGSAVE"});
  driver.until([&] {
    return server.ask({"INFO", "persistence"}).find("rdb_last_bgsave_status:err") !=
           std::string::npos;
  });
  EXPECT_FALSE(driver.save({peer("60", "bob")}));
  const auto away = driver.next_event();
  EXPECT_EQ(away.kind, Kind::Away);
  EXPECT_THAT(away.why, HasSubstr("MISCONF"));
  server.tell({"CONFIG", "SET", "save", ""});
  const auto ready = driver.next_event();
  EXPECT_EQ(ready.kind, Kind::Ready);
  EXPECT_FALSE(ready.incomplete);
  EXPECT_TRUE(driver.save({peer("60", "bob")}));
  EXPECT_EQ(driver.events.size(), 2U) << "no further events";
}

TEST(RedisHealth, IsAwayAfterAPasswordChange) {
  RedisServer server;
  server.tell({"ACL", "SETUSER", "chat", "on", ">secret", "~*", "+@all"});
  RedisDriver driver(redis_options("redis+unix://chat:secret@" + server.path()));
  driver.load();
  server.tell({"ACL", "SETUSER", "chat", "<secret", ">other"});
  server.tell({"CLIENT", "KILL", "USER", "chat"});
  EXPECT_EQ(driver.next_event().kind, Kind::Away);
  driver.until(
      [&] { return driver.store->status().problem.find("WRONGPASS") != std::string::npos; });
  EXPECT_EQ(driver.store->status().problem.find("secret"), std::string::npos);
  server.tell({"ACL", "SETUSER", "chat", ">secret"});
  EXPECT_EQ(driver.next_event().kind, Kind::Ready);
  EXPECT_TRUE(driver.save({peer("5f", "ann")}));
}

/// One reply contains a million names.
TEST(RedisHealth, LoadsAnIndexSetOfAMillionNames) {
  const RedisServer server;
  RedisDriver first(redis_options(server.url(), "boot0"));
  first.load();
  ASSERT_TRUE(first.save({peer("5f", "ann")}));
  first.close();
  for (int i = 0; i < 100; ++i) {
    std::vector<std::string> add{"SADD", "signaller:peers:07"};
    for (int n = 0; n < 10'000; ++n) add.push_back(std::to_string(i * 10'000 + n) + "07");
    server.tell(add);
  }
  RedisDriver driver(redis_options(server.url()));
  const auto restored = driver.load();
  EXPECT_EQ(restored.error, "");
  EXPECT_EQ(restored.snapshot.peers.size(), 1U);
  EXPECT_EQ(restored.skipped.size(), 1'001U) << "bounded";
  EXPECT_TRUE(driver.save({peer("60", "bob")}));
}
