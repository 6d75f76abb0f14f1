// What nobody can reach goes, and nothing else; never beside a server.
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
using persist::Waste;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

constexpr std::int64_t Now = 1'600'000'000'000;  // before the times in records.cpp

class Collecting : public testing::Test {
 protected:
  persist::RedisOptions options() const { return redis_options(server.url(), ""); }
  persist::GcResult collect_garbage(bool dry_run = false, bool corrupt = false,
                                    std::int64_t now = Now) {
    persist::GcOptions how;
    how.dry_run = dry_run;
    how.corrupt = corrupt;
    how.now_ms = now;
    how.on_wait = [this](const std::string& text) { waits.push_back(text); };
    return persist::collect_garbage(options(), how);
  }
  std::string digest() const { return server.ask({"DEBUG", "DIGEST"}); }
  bool exists(const std::string& key) const {
    return server.ask({"EXISTS", "signaller:" + key}) == "1";
  }

  /// What a server has left that has ended as it should.
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
  /// Things that a server would never find, or could not use.
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
  static std::map<Waste, int> counts(const persist::GcResult& done) {
    std::map<Waste, int> sums;
    for (const auto& one : done.plan.removals) ++sums[one.waste];
    return sums;
  }
  static std::map<Waste, int> all_orphans() {
    return {{Waste::Listing, 3},   {Waste::Peer, 2}, {Waste::Channel, 1}, {Waste::Member, 2},
            {Waste::Standings, 1}, {Waste::Rank, 1}, {Waste::Log, 1},     {Waste::Mail, 1}};
  }

  RedisServer server{{"--enable-debug-command", "yes"}};
  persist::Keys keys{"signaller:"};
  std::vector<std::string> waits;
};

}  // namespace

TEST_F(Collecting, LeavesAGoodStoreAsItIs) {
  fill();
  const auto before = digest();
  const auto done = collect_garbage();
  EXPECT_EQ(done.problem, "");
  EXPECT_THAT(done.plan.removals, IsEmpty());
  EXPECT_THAT(done.plan.unknown, IsEmpty());
  EXPECT_EQ(digest(), before) << "the lease is given back too";
  EXPECT_TRUE(exists("filled"));
}

TEST_F(Collecting, RemovesOrphansAndNothingElse) {
  fill();
  const auto good = text(load().snapshot);
  plant_orphans();
  const auto done = collect_garbage();
  EXPECT_EQ(done.problem, "");
  EXPECT_EQ(counts(done), all_orphans());
  EXPECT_EQ(done.removed, done.plan.removals.size());
  const auto after = load();
  EXPECT_EQ(text(after.snapshot), good);
  EXPECT_TRUE(after.snapshot.sealed) << "the end was a clean one";
  EXPECT_THAT(after.skipped, IsEmpty());
  EXPECT_THAT(collect_garbage().plan.removals, IsEmpty()) << "nothing is left";
  EXPECT_FALSE(exists("lease"));
}

TEST_F(Collecting, ADryRunChangesNothing) {
  fill();
  plant_orphans();
  const auto before = digest();
  const auto done = collect_garbage(true);
  EXPECT_EQ(counts(done), all_orphans());
  EXPECT_EQ(done.removed, 0U);
  EXPECT_EQ(digest(), before);
}

TEST_F(Collecting, RefusesBesideAServer) {
  fill();
  plant_orphans();
  RedisDriver running(redis_options(server.url(), "boot2"));
  running.load();
  ASSERT_TRUE(running.save({peer("60", "bob")}));
  const auto before = digest();
  const auto done = collect_garbage();
  EXPECT_THAT(done.problem, HasSubstr("process " + std::to_string(::getpid()) + " on "));
  EXPECT_EQ(done.removed, 0U);
  EXPECT_EQ(digest(), before);
  EXPECT_THAT(waits, IsEmpty()) << "it is alive: there is nothing to wait for";
  EXPECT_EQ(counts(collect_garbage(true)), all_orphans()) << "to look is fine";
  EXPECT_TRUE(running.save({peer("60", "bob")}));
}

TEST_F(Collecting, WaitsForALeaseFromElsewhereAndFollowsTheDead) {
  fill();
  server.tell({"SET", keys.lease(), "bootX elsewhere 77 1 far-away", "PX", "1"});
  EXPECT_EQ(collect_garbage().problem, "");
  waits.clear();  // whether it had run out by then is Redis's clock's
  server.tell({"SET", keys.lease(), "bootX elsewhere 77 1 far-away"});
  auto hasty = options();
  hasty.lease_ttl = 40ms;
  persist::GcOptions how;
  how.on_wait = [this](const std::string& text) { waits.push_back(text); };
  EXPECT_THAT(persist::collect_garbage(hasty, how).problem,
              HasSubstr("process 77 on elsewhere has"));
  EXPECT_THAT(waits, ElementsAre(HasSubstr("process 77 on elsewhere")));
  EXPECT_EQ(server.ask({"GET", keys.lease()}), "bootX elsewhere 77 1 far-away");
  auto dead = persist::this_process("bootY");
  dead.start += 1;
  server.tell({"SET", keys.lease(), dead.text(), "PX", "100000"});
  EXPECT_EQ(collect_garbage().problem, "");
  EXPECT_FALSE(exists("lease"));
}

TEST_F(Collecting, AServerThatWasAwayWritesEverythingAgain) {
  RedisDriver away(redis_options(server.url()));
  away.load();
  ASSERT_TRUE(away.save({peer("5f", "ann")}));
  server.tell({"DEL", keys.lease()});  // it was away for so long
  server.tell({"HSET", keys.peer("71"), "nick", "unlisted"});
  EXPECT_EQ(collect_garbage().removed, 1U);
  server.tell({"CLIENT", "KILL", "TYPE", "normal"});
  EXPECT_EQ(away.next_event().kind, port::StoreEvent::Kind::Away);
  const auto event = away.next_event();
  EXPECT_EQ(event.kind, port::StoreEvent::Kind::Ready);
  EXPECT_TRUE(event.incomplete);
}

TEST_F(Collecting, WhatIsOverGoes) {
  fill();
  server.tell({"HSET", keys.standing("#x"), "x:5f", "0"});
  const auto done = collect_garbage(false, false, 1'700'000'000'000);
  EXPECT_EQ(counts(done), (std::map<Waste, int>{{Waste::Expired, 1}})) << "a mute";
  EXPECT_EQ(counts(collect_garbage(false, false, 1'800'000'000'000)),
            (std::map<Waste, int>{{Waste::Expired, 4}}))
      << "an invitation and all bans";
  EXPECT_THAT(server.ask({"HKEYS", keys.standing("#x")}), testing::Not(HasSubstr("b:")));
  EXPECT_EQ(server.ask({"HGET", keys.standing("#x"), "x:5f"}), "0") << "for ever";
  EXPECT_FALSE(exists("bans"));
}

TEST_F(Collecting, WhatCannotBeReadGoesOnlyIfAskedFor) {
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
  EXPECT_EQ(looked.plan.left.size(), 8U);
  const auto done = collect_garbage(false, true);
  EXPECT_EQ(done.problem, "");
  EXPECT_EQ(counts(done), (std::map<Waste, int>{{Waste::Corrupt, 7},
                                                {Waste::Listing, 2},
                                                {Waste::Member, 1},
                                                {Waste::Rank, 1},
                                                {Waste::Mail, 1},
                                                {Waste::Log, 1}}));
  EXPECT_THAT(done.plan.left, IsEmpty());
  const auto after = load();
  EXPECT_THAT(after.skipped, IsEmpty());
  EXPECT_EQ(after.snapshot.peers.size(), 1U);
  EXPECT_EQ(after.snapshot.channels.size(), 1U);
  EXPECT_EQ(after.snapshot.members.size(), 1U);
  EXPECT_EQ(after.snapshot.messages.size(), 1U);
}

TEST_F(Collecting, WhatItDoesNotKnowIsNamedAndStays) {
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
    const auto done = collect_garbage(false, corrupt);
    EXPECT_EQ(done.problem, "");
    EXPECT_THAT(done.plan.removals, IsEmpty());
    EXPECT_THAT(done.plan.unknown, testing::UnorderedElementsAreArray(strange));
    EXPECT_EQ(digest(), before);
  }
}

TEST_F(Collecting, AnIndexOfAnotherTypeTakesNobodyAlong) {
  fill();
  server.tell({"DEL", keys.peers_of("5f"), keys.channels_of("#x")});
  server.tell({"SET", keys.peers_of("5f"), "?"});
  server.tell({"SET", keys.channels_of("#x"), "?"});
  const auto done = collect_garbage(false, true);
  EXPECT_THAT(done.plan.removals, IsEmpty());
  EXPECT_EQ(done.plan.unknown.size(), 2U);
}

TEST_F(Collecting, APrefixMeansItself) {
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
  const auto done = persist::collect_garbage(strange, {});
  EXPECT_EQ(done.problem, "");
  EXPECT_EQ(done.removed, 1U);
  EXPECT_EQ(server.ask({"EXISTS", "aXXb?\\:peer:71"}), "1");
  EXPECT_EQ(server.ask({"EXISTS", own.peer("5f")}), "1");
}

TEST_F(Collecting, AnotherSchemaIsLeftAlone) {
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

TEST_F(Collecting, MoreThanOneTransaction) {
  fill();
  for (int i = 0; i < 2'500; ++i) {
    server.tell({"HSET", keys.peer(std::to_string(1'000'000 + i)), "nick", "unlisted"});
  }
  auto hasty = options();
  hasty.lease_ttl = 300ms;
  const auto done = persist::collect_garbage(hasty, {});
  EXPECT_EQ(done.problem, "");
  EXPECT_EQ(done.removed, 2'500U);
  EXPECT_EQ(load().snapshot.peers.size(), 1U);
}

TEST_F(Collecting, SaysWhyItCannot) {
  auto other = options();
  other.url.path = "/nonexistent/socket";
  EXPECT_THAT(persist::collect_garbage(other, {}).problem, HasSubstr("No such file"));
  server.tell({"CONFIG", "SET", "requirepass", "sesame"});
  EXPECT_THAT(collect_garbage().problem, HasSubstr("NOAUTH"));
}
