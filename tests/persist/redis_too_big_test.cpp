// A record exceeds a limit of Redis: it is left out and reported, and all other records are stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/persist/records.hpp"
#include "tests/persist/redis_driver.hpp"
#include "tests/persist/redis_server.hpp"

using namespace signaller;
using namespace signaller::tests;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using Kind = port::StoreEvent::Kind;

namespace {

class RedisTooBig : public testing::Test {
 protected:
  void SetUp() override { EXPECT_EQ(driver.load().error, ""); }
  /// Saves as the core does: again after each loss. Returns the number of losses.
  int save(const std::vector<port::Record>& records) {
    int losses = 0;
    while (!driver.save(records) && losses < 20) {
      ++losses;
      EXPECT_EQ(driver.next_event().kind, Kind::Away);
      EXPECT_EQ(driver.next_event().kind, Kind::Ready);
    }
    return losses;
  }
  [[nodiscard]] std::string nick(const std::string& id) const {
    return server.ask({"HGET", "signaller:peer:" + id, "nick"});
  }

  RedisServer server;
  RedisDriver driver{redis_options(server.url())};
};

const std::string huge(1'200'000, 'x');

}  // namespace

/// Redis sends a protocol error and closes; the error may be lost.
TEST_F(RedisTooBig, LeavesOutAValueAboveTheBulkLimit) {
  server.tell({"CONFIG", "SET", "proto-max-bulk-len", "1mb"});
  std::vector<port::Record> records;
  for (int i = 0; i < 3'000; ++i) records.emplace_back(peer(std::to_string(100'000 + i), "p"));
  auto big = peer("101234", "big");
  big.info = huge;
  records[1'234] = big;
  records.emplace_back(channel("#x"));
  records.emplace_back(message("#x", 1));
  EXPECT_LE(save(records), 8);
  EXPECT_THAT(driver.warnings, Contains(AllOf(HasSubstr("signaller:peer:101234: "),
                                              HasSubstr("closes the connection"))));
  EXPECT_EQ(driver.store->status().problem, "");
  EXPECT_EQ(nick("101234"), "(nil)");
  for (const char* id : {"100000", "101233", "101235", "102999"}) EXPECT_EQ(nick(id), "p") << id;
  EXPECT_EQ(server.ask({"DBSIZE"}), std::to_string(2'999 + 100 + 4 + 4))
      << "peers and their index; the channel, its standings, its index and its log; the marks";
  EXPECT_EQ(save({big, peer("60", "bob")}), 0) << "the poison record is known";
  EXPECT_EQ(nick("60"), "bob");
  EXPECT_EQ(save({peer("101234", "small")}), 0);
  EXPECT_EQ(nick("101234"), "small") << "a smaller record is written";
}

TEST_F(RedisTooBig, LeavesOutAMessageAboveTheBulkLimit) {
  server.tell({"CONFIG", "SET", "proto-max-bulk-len", "1mb"});
  auto big = message("#x", 2);
  big.message.line = huge;
  EXPECT_LE(save({channel("#x"), message("#x", 1), big, message("#x", 3)}), 8);
  EXPECT_THAT(driver.warnings, Contains(HasSubstr("signaller:log:#x 2-0 1700000000002 m2: ")));
  EXPECT_EQ(server.ask({"XLEN", "signaller:log:#x"}), "2");
}

TEST_F(RedisTooBig, SplitsABatchAboveTheQueryBufferLimit) {
  server.tell({"CONFIG", "SET", "client-query-buffer-limit", "1mb"});
  auto big = peer("5f", "big");
  big.info = huge;
  EXPECT_LE(save({peer("60", "bob"), big, peer("61", "cid")}), 8);
  EXPECT_EQ(nick("60"), "bob");
  EXPECT_EQ(nick("61"), "cid");
}

TEST_F(RedisTooBig, LeavesOutAnInvalidCommand) {
  const auto odd = message("#x", 0, 1);  // XADD requires an id above 0-0
  EXPECT_EQ(save({peer("60", "bob"), odd, peer("61", "cid")}), 0);
  EXPECT_THAT(driver.warnings, Contains(HasSubstr("signaller:log:#x: ")));
  EXPECT_EQ(nick("60"), "bob");
  EXPECT_EQ(nick("61"), "cid");
}

/// Redis is killed repeatedly while it receives the same record.
TEST_F(RedisTooBig, SuspectsNoRecordWhenRedisCrashes) {
  for (int times = 0; times < 5; ++times) {
    server.pause();
    driver.begin_save({peer("5f", "ann")});
    server.kill();
    EXPECT_FALSE(driver.end_save());
    EXPECT_EQ(driver.next_event().kind, Kind::Away);
    server.start();
    EXPECT_EQ(driver.next_event().kind, Kind::Ready);
  }
  EXPECT_TRUE(driver.save({peer("5f", "ann")}));
  EXPECT_EQ(nick("5f"), "ann");
  for (const auto& warning : driver.warnings)
    EXPECT_THAT(warning, Not(HasSubstr("closes the connection")));
}
