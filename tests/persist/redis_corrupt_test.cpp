// Every key of docs/redis.rst holds data that this server never writes: the readable part is
// loaded, the other part is reported.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "persist/format/encode.hpp"
#include "persist/format/record_fields.hpp"
#include "tests/persist/records.hpp"
#include "tests/persist/redis_driver.hpp"
#include "tests/persist/redis_server.hpp"

using namespace signaller;
using namespace signaller::tests;
using testing::Contains;
using testing::HasSubstr;

namespace {

const std::vector<std::string> hostile{"",
                                       "-1",
                                       "99999999999999999999999",
                                       "9223372036854775807",
                                       "1e9",
                                       " 1",
                                       "\x1b[31m\r\n*1\r\n$8\r\nFLUSHALL\r\n",
                                       std::string("\0\xff", 2),
                                       std::string(64 * 1024, '7'),
                                       "18446744073709551615:a"};

class RedisCorrupt : public testing::Test {
 protected:
  void fill() {
    server.tell({"FLUSHALL"});
    RedisDriver driver(redis_options(server.url(), "boot0"));
    EXPECT_EQ(driver.load().error, "");
    ASSERT_TRUE(driver.save({peer("5f", "ann"), peer("60", "bob"), channel("#x"), channel("#y"),
                             port::MemberRecord{"#x", "5f", ""}, message("#x", 1), mail("5f", 1),
                             ban("66"), audit(1), port::Sealed{}}));
    driver.close();
  }
  static std::size_t count(const port::Snapshot& all) {
    return all.peers.size() + all.channels.size() + all.members.size() + all.messages.size() +
           all.mail.size() + all.bans.size() + all.audit.size();
  }
  /// Checks that the lines are printable and bounded.
  static void expect_printable(const std::vector<std::string>& lines) {
    for (const auto& line : lines) {
      EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) {
        return c >= ' ' && c <= '~';
      })) << line;
      EXPECT_LT(line.size(), 1'000U);
    }
  }
  port::Restored load() {
    RedisDriver driver(redis_options(server.url()));
    auto restored = driver.load();
    expect_printable(restored.skipped);
    expect_printable({restored.error});
    EXPECT_EQ(driver.save({peer("61", "cid")}), restored.error.empty());
    driver.close();
    return restored;
  }

  RedisServer server;
  persist::Keys keys{"signaller:"};
};

struct UnusableKey {
  std::string key;
  std::size_t lost;  ///< number of records that are lost
};

}  // namespace

TEST_F(RedisCorrupt, SkipsAnyKeyOfTheWrongType) {
  const std::vector<UnusableKey> all{
      {keys.peers_of("5f"), 2}, {keys.channels_of("#x"), 3}, {keys.peer("5f"), 2},
      {keys.peer("60"), 1},     {keys.channel("#x"), 3},     {keys.standing("#x"), 0},
      {keys.log("#x"), 1},      {keys.mail("5f"), 1},        {keys.bans(), 1},
      {keys.audit(), 1},        {keys.filled(), 0},          {keys.sealed(), 0}};
  for (const auto& [key, lost] : all) {
    for (const std::vector<std::string>& damage :
         {std::vector<std::string>{"RPUSH", key, "x"}, {"ZADD", key, "1", "x"}}) {
      fill();
      server.tell({"DEL", key});
      server.tell(damage);
      const auto restored = load();
      EXPECT_EQ(restored.error, "") << key;
      EXPECT_THAT(restored.skipped, Contains(HasSubstr(key + ": has the wrong type"))) << key;
      EXPECT_EQ(count(restored.snapshot), 9 - lost) << key;
    }
  }
}

TEST_F(RedisCorrupt, RefusesAMalformedSchema) {
  fill();
  server.tell({"DEL", keys.schema()});
  server.tell({"RPUSH", keys.schema(), "1"});
  EXPECT_THAT(load().error, HasSubstr("signaller:schema is missing"));
  for (const auto& value : hostile) {
    server.tell({"DEL", keys.schema()});
    server.tell({"SET", keys.schema(), value});
    EXPECT_THAT(load().error, HasSubstr("signaller:schema is '"));
  }
}

TEST_F(RedisCorrupt, ReportsALeaseOfTheWrongType) {
  server.tell({"RPUSH", keys.lease(), "x"});
  RedisDriver driver(redis_options(server.url()));
  driver.begin_load();
  driver.until([&] { return driver.warnings.size() > 1; });
  EXPECT_THAT(driver.warnings, Contains(HasSubstr("signaller:lease: ")));
  server.tell({"DEL", keys.lease()});
  EXPECT_EQ(driver.end_load().error, "");
}

TEST_F(RedisCorrupt, RewritesFilledOfTheWrongType) {
  RedisDriver driver(redis_options(server.url()));
  driver.load();
  ASSERT_TRUE(driver.save({peer("5f", "ann")}));
  server.tell({"DEL", keys.filled()});
  server.tell({"RPUSH", keys.filled(), "x"});
  server.tell({"CLIENT", "KILL", "TYPE", "normal"});
  EXPECT_EQ(driver.next_event().kind, port::StoreEvent::Kind::Away);
  EXPECT_TRUE(driver.next_event().incomplete);
  EXPECT_TRUE(driver.save({peer("5f", "ann")}));
  EXPECT_EQ(server.ask({"GET", keys.filled()}).substr(0, 6), "boot1 ");
}

/// Sets each field to each hostile value, in a separate peer each time.
TEST_F(RedisCorrupt, SurvivesAnyFieldOfAPeer) {
  fill();
  int id = 100'000;
  for (const auto& field : persist::PeerFields) {
    for (const auto& value : hostile) {
      const std::string name = std::to_string(id++);
      server.tell({"SADD", keys.peers_of(name), name});
      server.tell({"HSET", keys.peer(name), "created_ms", "7", std::string(field.name), value});
    }
  }
  const auto restored = load();
  EXPECT_EQ(restored.error, "");
  EXPECT_EQ(restored.snapshot.peers.size() + restored.skipped.size(),
            2 + persist::PeerFields.size() * hostile.size())
      << "each is read or named";
  EXPECT_GE(restored.skipped.size(), 50U);
  EXPECT_EQ(restored.snapshot.channels.size(), 2U);
}

TEST_F(RedisCorrupt, SurvivesAnyFieldOfAChannel) {
  fill();
  int id = 100'000;
  for (const auto& field : persist::ChannelFields) {
    for (const auto& value : hostile) {
      const std::string name = '#' + std::to_string(id++);
      server.tell({"SADD", keys.channels_of(name), name});
      server.tell({"HSET", keys.channel(name), "name", name, std::string(field.name), value});
    }
  }
  const auto restored = load();
  EXPECT_EQ(restored.error, "");
  EXPECT_EQ(restored.snapshot.channels.size() + restored.skipped.size(),
            2 + persist::ChannelFields.size() * hostile.size());
  EXPECT_EQ(restored.snapshot.peers.size(), 2U);
}

TEST_F(RedisCorrupt, SurvivesAnyMemberStandingBanAndEntry) {
  fill();
  for (const auto& value : hostile) {
    server.tell({"HSET", keys.channel("#x"), "m:" + value, value});
    for (const char* kind : {"r:", "x:", "i:", "b:", "?:", ""}) {
      server.tell({"HSET", keys.standing("#x"), kind + value, value});
    }
    server.tell({"HSET", keys.bans(), value, value});
    server.tell({"XADD", keys.log("#x"), "*", "d", value});
    server.tell({"XADD", keys.log("#x"), "*", value, "1 m - 0 0 hi"});
    server.tell({"XADD", keys.mail("5f"), "*", "d", value, "handed", value});
    server.tell({"XADD", keys.audit(), "*", "unix_ms", value});
  }
  const auto restored = load();
  EXPECT_EQ(restored.error, "");
  for (const auto& key :
       {keys.standing("#x"), keys.bans(), keys.log("#x"), keys.mail("5f"), keys.audit()}) {
    EXPECT_THAT(restored.skipped, Contains(HasSubstr(key + ": "))) << key;
  }
  EXPECT_EQ(restored.snapshot.messages.size(), 1U);
  EXPECT_EQ(restored.snapshot.mail.size(), 1U);
  EXPECT_EQ(restored.snapshot.bans.size(), 1U);
  EXPECT_EQ(restored.snapshot.peers.size(), 2U);
}

TEST_F(RedisCorrupt, SkipsIndexEntriesWithoutARecord) {
  fill();
  std::size_t lines = 0;
  for (auto name : hostile) {
    if (name.empty()) name = "#";
    for (const auto& index : {keys.peers_of(name), keys.channels_of(name)}) {
      server.tell({"SADD", index, name});
      ++lines;
    }
    server.tell({"SADD", keys.peers(0xab), name});  // this index set is the wrong bucket
    server.tell({"SADD", keys.channels(0xab), name});
    lines += 2;
  }
  server.tell({"SADD", keys.peers(0xab), "5f"});
  const auto restored = load();
  EXPECT_EQ(restored.error, "");
  EXPECT_EQ(restored.skipped.size(), lines + 1);
  EXPECT_EQ(count(restored.snapshot), 9U) << "nothing is read twice";
}
