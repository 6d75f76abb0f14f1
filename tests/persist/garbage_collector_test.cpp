// The garbage collector removes only unreachable data, and never beside a running server.
#include "persist/tools/garbage_collector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <map>

#include "tests/persist/records.hpp"
#include "tests/persist/redis_driver.hpp"
#include "tests/persist/redis_server.hpp"

using namespace signaller;
using namespace signaller::tests;
using namespace std::chrono_literals;
using persist::GarbageKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

constexpr std::int64_t Now = 1'600'000'000'000;  // earlier than the times in records.cpp

class GarbageCollection : public testing::Test {
 protected:
  persist::RedisOptions options() const { return redis_options(server.url(), ""); }
  persist::GcResult collect_garbage(bool dry_run = false, bool corrupt = false,
                                    std::int64_t now = Now) {
    persist::GcOptions gc_options;
    gc_options.dry_run = dry_run;
    gc_options.corrupt = corrupt;
    gc_options.now_ms = now;
    gc_options.on_wait = [this](const std::string& text) { wait_texts.push_back(text); };
    return persist::collect_garbage(options(), gc_options);
  }
  std::string digest() const { return server.ask({"DEBUG", "DIGEST"}); }
  bool exists(const std::string& key) const {
    return server.ask({"EXISTS", "signaller:" + key}) == "1";
  }

  /// Fills the store as a server does that shuts down cleanly.
  void fill() {
    RedisDriver driver(redis_options(server.url()));
    driver.load();
    auto lobby = channel("#x");
    lobby.ranks = {{"5f", "@", peer("5f", "ann").owner_generation, 0}};
    ASSERT_TRUE(
        driver.save({peer("5f", "ann"), lobby, port::MemberRecord{"#x", "5f", "@"},
                     message("#x", 1), mail("5f", 1), ban("10.0.0.1"), audit(1), port::Sealed{}}));
    driver.close();
  }
  port::Restored load() {
    RedisDriver driver(redis_options(server.url(), "boot2"));
    auto restored = driver.load();
    driver.close();
    return restored;
  }
  /// Adds data that a server would never find or could not use.
  void plant_orphans() {
    server.tell({"SADD", keys.peers_of("70"), "70"});
    server.tell({"SADD", keys.channels_of("#gone"), "#gone"});
    server.tell({"HSET", keys.peer("71"), "nick", "unlisted", "here", "1"});
    server.tell({"SADD", keys.peers_of("72"), "72"});
    server.tell({"HSET", keys.peer("72"), "nick", "nobody"});
    server.tell({"HSET", keys.channel("#x"), "m:71", "", "m:99", "+"});
    server.tell({"HSET", keys.channel("#unlisted"), "name", "#unlisted"});
    server.tell({"XADD", keys.log("#gone"), "1-0", "d", "1 m - 0 0 x"});
    server.tell({"HSET", keys.standing("#gone"), "x:5f", "0"});
    server.tell({"XADD", keys.mail("99"), "1-0", "d", "1 m - 0 0 x"});
    server.tell({"HSET", keys.standing("#x"), "r:5e", "@ 9"});
  }
  static std::map<GarbageKind, int> counts(const persist::GcResult& result) {
    std::map<GarbageKind, int> sums;
    for (const auto& removal : result.plan.removals) ++sums[removal.kind];
    return sums;
  }
  static std::map<GarbageKind, int> all_orphans() {
    return {{GarbageKind::IndexEntry, 3}, {GarbageKind::Peer, 2},      {GarbageKind::Channel, 1},
            {GarbageKind::Member, 2},     {GarbageKind::Standings, 1}, {GarbageKind::Rank, 1},
            {GarbageKind::Log, 1},        {GarbageKind::Mail, 1}};
  }

  RedisServer server{{"--enable-debug-command", "yes"}};
  persist::Keys keys{"signaller:"};
  std::vector<std::string> wait_texts;
};

}  // namespace

TEST_F(GarbageCollection, LeavesAValidStoreUnchanged) {
  fill();
  const auto before = digest();
  const auto result = collect_garbage();
  EXPECT_EQ(result.problem, "");
  EXPECT_THAT(result.plan.removals, IsEmpty());
  EXPECT_THAT(result.plan.unknown, IsEmpty());
  EXPECT_EQ(digest(), before) << "the lease is released too";
  EXPECT_TRUE(exists("filled"));
}

TEST_F(GarbageCollection, RemovesOnlyOrphans) {
  fill();
  const auto good = text(load().snapshot);
  plant_orphans();
  const auto result = collect_garbage();
  EXPECT_EQ(result.problem, "");
  EXPECT_EQ(counts(result), all_orphans());
  EXPECT_EQ(result.removed, result.plan.removals.size());
  const auto after = load();
  EXPECT_EQ(text(after.snapshot), good);
  EXPECT_TRUE(after.snapshot.sealed) << "the store stays sealed";
  EXPECT_THAT(after.skipped, IsEmpty());
  EXPECT_THAT(collect_garbage().plan.removals, IsEmpty()) << "nothing is left";
  EXPECT_FALSE(exists("lease"));
}

TEST_F(GarbageCollection, DryRunChangesNothing) {
  fill();
  plant_orphans();
  const auto before = digest();
  const auto result = collect_garbage(true);
  EXPECT_EQ(counts(result), all_orphans());
  EXPECT_EQ(result.removed, 0U);
  EXPECT_EQ(digest(), before);
}

TEST_F(GarbageCollection, RefusesWhileAServerRuns) {
  fill();
  plant_orphans();
  RedisDriver running(redis_options(server.url(), "boot2"));
  running.load();
  ASSERT_TRUE(running.save({peer("60", "bob")}));
  const auto before = digest();
  const auto result = collect_garbage();
  EXPECT_THAT(result.problem, HasSubstr("process " + std::to_string(::getpid()) + " on "));
  EXPECT_EQ(result.removed, 0U);
  EXPECT_EQ(digest(), before);
  EXPECT_THAT(wait_texts, IsEmpty()) << "a live holder is not waited for";
  EXPECT_EQ(counts(collect_garbage(true)), all_orphans()) << "a dry run is allowed";
  EXPECT_TRUE(running.save({peer("60", "bob")}));
}

TEST_F(GarbageCollection, WaitsForARemoteLeaseAndTakesOverFromADeadProcess) {
  fill();
  server.tell({"SET", keys.lease(), "bootX elsewhere 77 1 far-away", "PX", "1"});
  EXPECT_EQ(collect_garbage().problem, "");
  wait_texts.clear();  // collect_garbage may or may not have waited for the lease of 1 ms
  server.tell({"SET", keys.lease(), "bootX elsewhere 77 1 far-away"});
  auto hasty = options();
  hasty.lease_ttl = 40ms;
  persist::GcOptions gc_options;
  gc_options.on_wait = [this](const std::string& text) { wait_texts.push_back(text); };
  EXPECT_THAT(persist::collect_garbage(hasty, gc_options).problem,
              HasSubstr("process 77 on elsewhere holds"));
  EXPECT_THAT(wait_texts, ElementsAre(HasSubstr("process 77 on elsewhere")));
  EXPECT_EQ(server.ask({"GET", keys.lease()}), "bootX elsewhere 77 1 far-away");
  auto dead = persist::this_process("bootY");
  dead.start += 1;
  server.tell({"SET", keys.lease(), dead.text(), "PX", "100000"});
  EXPECT_EQ(collect_garbage().problem, "");
  EXPECT_FALSE(exists("lease"));
}

TEST_F(GarbageCollection, ADisconnectedServerWritesEverythingAgain) {
  RedisDriver away(redis_options(server.url()));
  away.load();
  ASSERT_TRUE(away.save({peer("5f", "ann")}));
  // This has the same effect as a lease that expires while the server is disconnected.
  server.tell({"DEL", keys.lease()});
  server.tell({"HSET", keys.peer("71"), "nick", "unlisted"});
  EXPECT_EQ(collect_garbage().removed, 1U);
  server.tell({"CLIENT", "KILL", "TYPE", "normal"});
  EXPECT_EQ(away.next_event().kind, port::StoreEvent::Kind::Away);
  const auto event = away.next_event();
  EXPECT_EQ(event.kind, port::StoreEvent::Kind::Ready);
  EXPECT_TRUE(event.incomplete);
}

TEST_F(GarbageCollection, RemovesExpiredStandingsAndBans) {
  fill();
  server.tell({"HSET", keys.standing("#x"), "x:5f", "0"});
  const auto result = collect_garbage(false, false, 1'700'000'000'000);
  EXPECT_EQ(counts(result), (std::map<GarbageKind, int>{{GarbageKind::Expired, 1}})) << "a mute";
  EXPECT_EQ(counts(collect_garbage(false, false, 1'800'000'000'000)),
            (std::map<GarbageKind, int>{{GarbageKind::Expired, 4}}))
      << "an invitation and all bans";
  EXPECT_THAT(server.ask({"HKEYS", keys.standing("#x")}), testing::Not(HasSubstr("b:")));
  EXPECT_EQ(server.ask({"HGET", keys.standing("#x"), "x:5f"}), "0") << "for ever";
  EXPECT_FALSE(exists("bans"));
}

TEST_F(GarbageCollection, RemovesUnreadableDataOnlyOnRequest) {
  fill();
  const std::string hostile = "m:\r\n\x1b[31m";
  server.tell({"SADD", keys.peers_of("60"), "60"});
  server.tell({"HSET", keys.peer("60"), "tenure", "-1"});
  server.tell({"XADD", keys.mail("60"), "1-0", "d", "1 m - 0 0 x"});
  server.tell({"SADD", keys.channels_of("#y"), "#y"});
  server.tell({"HSET", keys.channel("#y"), "name", "#z", "m:5f", ""});
  server.tell({"XADD", keys.log("#y"), "1-0", "d", "hostile"});
  server.tell({"HSET", keys.channel("#x"), hostile, "?", "m:60", ""});
  server.tell({"HSET", keys.standing("#x"), "r:5f", "! 1", "r:60", "@ 5"});
  server.tell({"XADD", keys.log("#x"), "2-0", "d", "hostile"});
  server.tell({"HSET", keys.bans(), "5f", "?"});
  server.tell({"XADD", keys.audit(), "7-0", "unix_ms", "x"});
  const auto before = digest();
  const auto looked = collect_garbage();
  EXPECT_EQ(looked.problem, "");
  EXPECT_EQ(digest(), before);
  EXPECT_EQ(looked.plan.unreadable.size(), 8U);
  const auto result = collect_garbage(false, true);
  EXPECT_EQ(result.problem, "");
  EXPECT_EQ(counts(result), (std::map<GarbageKind, int>{{GarbageKind::Corrupt, 7},
                                                        {GarbageKind::IndexEntry, 2},
                                                        {GarbageKind::Member, 1},
                                                        {GarbageKind::Rank, 1},
                                                        {GarbageKind::Mail, 1},
                                                        {GarbageKind::Log, 1}}));
  EXPECT_THAT(result.plan.unreadable, IsEmpty());
  const auto after = load();
  EXPECT_THAT(after.skipped, IsEmpty());
  EXPECT_EQ(after.snapshot.peers.size(), 1U);
  EXPECT_EQ(after.snapshot.channels.size(), 1U);
  EXPECT_EQ(after.snapshot.members.size(), 1U);
  EXPECT_EQ(after.snapshot.messages.size(), 1U);
}

TEST_F(GarbageCollection, KeepsAndReportsUnknownKeys) {
  fill();
  const std::vector<std::string> strange{keys.peer("not-an-id"),      keys.peer("60\r\n\x1b[31m"),
                                         keys.channel("no-channel"),  keys.channel("#NotFolded"),
                                         "signaller:peers:xyz",       "signaller:backup",
                                         "signaller:2:peer:5f",       "signaller:",
                                         keys.log("#string"),         keys.mail("61"),
                                         keys.standing("#other-type")};
  for (const auto& key : strange) server.tell({"SET", key, "?"});
  for (const std::string key : {"signaller", "other:peer:5f", "xsignaller:log:#y"}) {
    server.tell({"SET", key, "not below the prefix"});
  }
  const auto before = digest();
  for (const bool corrupt : {false, true}) {
    const auto result = collect_garbage(false, corrupt);
    EXPECT_EQ(result.problem, "");
    EXPECT_THAT(result.plan.removals, IsEmpty());
    EXPECT_THAT(result.plan.unknown, testing::UnorderedElementsAreArray(strange));
    EXPECT_EQ(digest(), before);
  }
}

TEST_F(GarbageCollection, KeepsPeersWhoseIndexHasTheWrongType) {
  fill();
  server.tell({"DEL", keys.peers_of("5f"), keys.channels_of("#x")});
  server.tell({"SET", keys.peers_of("5f"), "?"});
  server.tell({"SET", keys.channels_of("#x"), "?"});
  const auto result = collect_garbage(false, true);
  EXPECT_THAT(result.plan.removals, IsEmpty());
  EXPECT_EQ(result.plan.unknown.size(), 2U);
}

TEST_F(GarbageCollection, EscapesPatternCharactersInThePrefix) {
  auto strange = redis_options(server.url());
  strange.prefix = "a*[b]?\\:";
  {
    RedisDriver driver(strange);
    driver.load();
    ASSERT_TRUE(driver.save({peer("5f", "ann")}));
    driver.close();
  }
  const persist::Keys own(strange.prefix);
  server.tell({"HSET", own.peer("71"), "nick", "unlisted"});
  server.tell({"HSET", "aXXb?\\:peer:71", "nick", "of somebody else"});
  const auto result = persist::collect_garbage(strange, {});
  EXPECT_EQ(result.problem, "");
  EXPECT_EQ(result.removed, 1U);
  EXPECT_EQ(server.ask({"EXISTS", "aXXb?\\:peer:71"}), "1");
  EXPECT_EQ(server.ask({"EXISTS", own.peer("5f")}), "1");
}

TEST_F(GarbageCollection, RefusesAnotherSchema) {
  fill();
  plant_orphans();
  server.tell({"SET", keys.schema(), "2"});
  auto before = digest();
  EXPECT_THAT(collect_garbage().problem, HasSubstr("signaller:schema is '2'"));
  EXPECT_THAT(collect_garbage(true).problem, HasSubstr("signaller:schema is '2'"));
  EXPECT_EQ(digest(), before);
  server.tell({"DEL", keys.schema()});
  before = digest();
  EXPECT_THAT(collect_garbage().problem, HasSubstr("signaller:schema is missing"));
  EXPECT_EQ(digest(), before);
}

TEST_F(GarbageCollection, SplitsManyRemovalsIntoTransactions) {
  fill();
  for (int i = 0; i < 2'500; ++i) {
    server.tell({"HSET", keys.peer(std::to_string(1'000'000 + i)), "nick", "unlisted"});
  }
  auto hasty = options();
  hasty.lease_ttl = 300ms;
  const auto result = persist::collect_garbage(hasty, {});
  EXPECT_EQ(result.problem, "");
  EXPECT_EQ(result.removed, 2'500U);
  EXPECT_EQ(load().snapshot.peers.size(), 1U);
}

TEST_F(GarbageCollection, ReportsConnectionErrors) {
  auto other = options();
  other.url.path = "/nonexistent/socket";
  EXPECT_THAT(persist::collect_garbage(other, {}).problem, HasSubstr("No such file"));
  server.tell({"CONFIG", "SET", "requirepass", "sesame"});
  EXPECT_THAT(collect_garbage().problem, HasSubstr("NOAUTH"));
}
