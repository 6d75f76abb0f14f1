// The inspection reads a store without taking the lease, and changes nothing.
#include "persist/tools/inspection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persist/tools/store_summary.hpp"
#include "tests/persist/records.hpp"
#include "tests/persist/redis_driver.hpp"
#include "tests/persist/redis_server.hpp"

using namespace signaller;
using namespace signaller::tests;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAre;

namespace {

port::PeerRecord identity(std::string id) {
  port::PeerRecord record;
  record.id = std::move(id);
  record.owned = true;
  record.owner_generation = 1;
  return record;
}

/// A simple check of the loaded records, used instead of the core's check.
std::vector<std::string> absent_members(const port::Snapshot& all) {
  std::vector<std::string> lines;
  for (const auto& member : all.members) {
    if (member.peer != "5f") lines.push_back("channel:" + member.channel + ": " + member.peer);
  }
  return lines;
}

class StoreInspection : public testing::Test {
 protected:
  persist::RedisOptions options() const { return redis_options(server.url(), ""); }
  persist::Inspection inspect() const { return persist::inspect(options(), absent_members); }
  std::string digest() const { return server.ask({"DEBUG", "DIGEST"}); }

  /// Fills the store; the server keeps running.
  void fill() {
    driver.load();
    ASSERT_TRUE(driver.save({peer("5f", "ann"), identity("60"), channel("#Big"), channel("#small"),
                             port::MemberRecord{"#big", "5f", "@"},
                             port::MemberRecord{"#small", "5f", ""}, message("#big", 1),
                             message("#big", 2), mail("5f", 1), ban("10.0.0.1"), audit(1)}));
  }

  RedisServer server{{"--enable-debug-command", "yes"}};
  RedisDriver driver{redis_options(server.url())};
};

}  // namespace

TEST_F(StoreInspection, ReportsTheRunningServerAndTheHeader) {
  fill();
  const auto before = digest();
  const auto found = inspect();
  EXPECT_EQ(found.problem, "");
  EXPECT_THAT(found.faults, IsEmpty());
  EXPECT_EQ(found.schema, "1");
  EXPECT_EQ(found.fingerprint, "fingerprint") << "readable without the key file";
  EXPECT_THAT(found.filled.value_or(""), StartsWith("boot1 ")) << "followed by the start time";
  EXPECT_FALSE(found.sealed);
  EXPECT_THAT(found.redis_version, HasSubstr("."));
  EXPECT_GT(found.redis_memory, 0U);
  EXPECT_THAT(found.warnings, ElementsAre(HasSubstr("appendonly")));
  ASSERT_TRUE(found.lease && found.lease->holder);
  EXPECT_EQ(found.lease->holder->text(), persist::this_process("boot1").text());
  EXPECT_EQ(found.lease->holder_state, persist::HolderState::Alive);
  EXPECT_GT(found.lease->left_ms, 0);
  EXPECT_LE(found.lease->left_ms, 10'000);
  EXPECT_EQ(digest(), before);
  EXPECT_TRUE(driver.save({peer("61", "bob")})) << "the server goes on";
}

TEST_F(StoreInspection, CountsRecords) {
  fill();
  const auto found = inspect();
  const auto summary = persist::summarize(found.snapshot);
  EXPECT_EQ(summary.peers, 2U);
  EXPECT_EQ(summary.here, 1U);
  EXPECT_EQ(summary.owned, 2U);
  EXPECT_EQ(summary.kept, 1U);
  EXPECT_EQ(summary.channels, 2U);
  EXPECT_EQ(summary.members, 2U);
  EXPECT_EQ(summary.messages, 2U);
  EXPECT_EQ(summary.mail, 1U);
  EXPECT_EQ(summary.bans, 1U);
  EXPECT_EQ(summary.channel_bans, 4U);
  EXPECT_EQ(summary.audit, 1U);
  ASSERT_EQ(summary.channels_by_size.size(), 2U);
  EXPECT_EQ(summary.channels_by_size[0].record->name, "#Big")
      << "same number of members, more messages";
  EXPECT_EQ(summary.channels_by_size[0].messages, 2U);
  EXPECT_EQ(summary.channels_by_size[0].bytes, summary.message_bytes);
  EXPECT_EQ(summary.channels_by_size[1].members, 1U);
  ASSERT_EQ(summary.sessions.size(), 1U);
  EXPECT_EQ(summary.sessions[0].record->nick, "ann");
  EXPECT_EQ(summary.sessions[0].channels, 2U);
  EXPECT_EQ(summary.sessions[0].mail, 1U);
}

TEST_F(StoreInspection, ReportsACleanShutdown) {
  driver.load();
  ASSERT_TRUE(driver.save({peer("5f", "ann"), port::Sealed{}}));
  driver.close();
  const auto found = inspect();
  EXPECT_TRUE(found.sealed);
  EXPECT_FALSE(found.lease);
}

TEST_F(StoreInspection, DistinguishesDeadFromRemoteHolders) {
  auto holder = persist::this_process("bootX");
  holder.start += 1;  // another process with the same pid
  server.tell({"SET", "signaller:lease", holder.text()});
  auto found = inspect();
  ASSERT_TRUE(found.lease);
  EXPECT_EQ(found.lease->holder_state, persist::HolderState::Dead);
  EXPECT_EQ(found.lease->left_ms, -1);
  server.tell({"SET", "signaller:lease", "bootX elsewhere 77 1 far-away"});
  EXPECT_EQ(inspect().lease->holder_state, persist::HolderState::Unknown);
  server.tell({"SET", "signaller:lease", "\x1b]0;", "PX", "100000"});
  found = inspect();
  ASSERT_TRUE(found.lease);
  EXPECT_FALSE(found.lease->holder);
  EXPECT_EQ(found.lease->token, "\x1b]0;");
}

TEST_F(StoreInspection, ListsRecordsThatAServerWouldLeaveOut) {
  fill();
  driver.close();
  const persist::Keys keys("signaller:");
  const std::string hostile = "62\r\n\x1b[31m";
  server.tell({"SADD", keys.peers_of(hostile), hostile});
  server.tell({"HSET", keys.peer(hostile), "tenure", "-1"});
  server.tell({"HSET", keys.channel("#big"), "m:99", "", "m:60", "+"});
  server.tell({"SADD", keys.peers_of("63"), "63"});
  server.tell({"HSET", keys.peer("63"), "nick", "nobody"});
  server.tell({"XADD", keys.log("#big"), "9-0", "d", "hostile"});
  server.tell({"SET", keys.bans(), "no hash"});
  const auto found = inspect();
  EXPECT_EQ(found.problem, "");
  EXPECT_THAT(
      found.faults,
      UnorderedElementsAre(HasSubstr("peer:62\\x0d\\x0a\\x1b[31m: "),
                           HasSubstr("log:#big: entry 9-0"), HasSubstr("bans: has the wrong type"),
                           "signaller:channel:#big: 99", "signaller:channel:#big: 60"));
}

TEST_F(StoreInspection, IgnoresFindingsThatVanishBetweenTwoReads) {
  fill();
  server.tell({"HSET", "signaller:channel:#big", "m:99", ""});
  EXPECT_THAT(inspect().faults, ElementsAre("signaller:channel:#big: 99")) << "found by both reads";
  ASSERT_TRUE(driver.save({port::MemberGone{"#big", "99"}}));
  EXPECT_THAT(inspect().faults, IsEmpty());
}

TEST_F(StoreInspection, ReportsAnotherSchema) {
  fill();
  server.tell({"SET", "signaller:schema", "2"});
  const auto found = inspect();
  EXPECT_THAT(found.problem,
              HasSubstr("signaller:schema is 2: the data was written by another version"));
  EXPECT_EQ(found.schema, "2");
  EXPECT_TRUE(found.lease) << "the lease is reported all the same";
  EXPECT_TRUE(found.snapshot.peers.empty());
}

TEST_F(StoreInspection, ReportsConnectionErrors) {
  auto other = options();
  other.url.path = "/nonexistent/socket";
  EXPECT_THAT(persist::inspect(other, absent_members).problem, HasSubstr("No such file"));
  server.tell({"CONFIG", "SET", "requirepass", "sesame"});
  EXPECT_THAT(inspect().problem, HasSubstr("NOAUTH"));
  other = options();
  other.url.password = "guess";
  EXPECT_THAT(persist::inspect(other, absent_members).problem,
              AllOf(HasSubstr("WRONGPASS"), Not(HasSubstr("guess"))));
  other.url.password = "sesame";
  EXPECT_EQ(persist::inspect(other, absent_members).problem, "");
}

TEST_F(StoreInspection, ReadsAsAReadOnlyUser) {
  fill();
  server.tell(
      {"ACL", "SETUSER", "reader", "on", ">pw", "~signaller:*", "+@read", "+info", "+@connection"});
  auto reader = options();
  reader.url.user = "reader";
  reader.url.password = "pw";
  const auto found = persist::inspect(reader, absent_members);
  EXPECT_EQ(found.problem, "");
  EXPECT_EQ(found.snapshot.peers.size(), 2U);
}

TEST_F(StoreInspection, TimesOutOnASilentRedis) {
  auto hasty = options();
  hasty.timeout = 100ms;
  server.pause();
  EXPECT_THAT(persist::inspect(hasty, absent_members).problem, HasSubstr("has not answered for"));
  server.go_on();
}

TEST_F(StoreInspection, ReadsOnlyItsPrefix) {
  fill();
  auto other = options();
  other.prefix = "other:";
  const auto found = persist::inspect(other, absent_members);
  EXPECT_EQ(found.problem, "");
  EXPECT_FALSE(found.schema);
  EXPECT_FALSE(found.lease);
  EXPECT_TRUE(found.snapshot.peers.empty());
}
