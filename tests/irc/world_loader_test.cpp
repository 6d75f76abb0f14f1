// A stored world is loaded whole, and invalid data is left out and reported.
#include "irc/world_loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/irc/snapshot.hpp"
#include "tests/irc/world_fixture.hpp"

using namespace signaller;
using namespace signaller::irc;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

struct WorldLoaderTest : WorldTest {
  WorldLoaderTest() {
    WorldLimits limits;
    limits.mirrored = true;
    world.set_limits(limits);
    fresh.set_limits(limits);
  }
  void restore(port::Snapshot snapshot) {
    WorldLoader restoring(fresh, random, now, 600'000);
    restoring.take(std::move(snapshot));
    problems = restoring.problems();
    EXPECT_EQ(fresh.check(), "");
  }
  /// Adds a message with this label and msgid to the log of the channel. Then a second passes.
  void say(const Peer& from, Channel& channel, const std::string& label) {
    auto one = *message(world.channel_logs().next_seq(channel), now.unix_ms);
    one.from = from.id();
    one.session = from.inbox_epoch();
    one.line = "said";
    one.msgid = label;
    one.label = label;
    world.channel_logs().add(channel, std::make_shared<const StoredMessage>(one));
    pass(1'000);
  }
  Peer& back(std::uint32_t n) { return *fresh.find(id_of(n)); }

  port::TopicNumbers fresh_topics;
  World fresh{fresh_topics};
  std::vector<std::string> problems;
};

}  // namespace

TEST_F(WorldLoaderTest, LoadsPeersChannelsAndRanks) {
  Peer& ann = add(1, {"ann", "Ann", "{\"a\":1}"});
  Peer& bob = add_owned(2);
  Channel& x = create("#X", ann);
  world.join(bob, x);
  world.set_rank(x, bob.id(), Rank::Voice, now);
  world.edit(x, now).topic = "what was";
  world.edit(x, now).modes.slow_s = 7;
  world.edit(x, now).modes.history = 5;
  world.edit(ann, now).away = "out";
  restore(all_of(world));
  EXPECT_THAT(problems, IsEmpty());
  const Channel& again = *fresh.find(channel_name("#x"));
  EXPECT_EQ(again.name(), "#X");
  EXPECT_EQ(again.topic(), "what was");
  EXPECT_EQ(again.modes(), x.modes());
  EXPECT_EQ(again.epoch(), x.epoch());
  EXPECT_EQ(again.rank_of(id_of(1)), Rank::Operator);
  EXPECT_EQ(again.rank_of(id_of(2)), Rank::Voice);
  EXPECT_FALSE(back(1).is_live());
  EXPECT_EQ(back(1).away(), "out");
  EXPECT_EQ(back(1).profile(), ann.profile());
  EXPECT_TRUE(back(2).claim().owned);
  EXPECT_EQ(back(2).claim().owner_generation, bob.claim().owner_generation);
}

TEST_F(WorldLoaderTest, LoadsIdentities) {
  Peer& ann = add_owned(1);
  const Claim claim = ann.claim();
  world.remove(ann, now);
  restore(all_of(world));
  ASSERT_NE(fresh.identities().find(id_of(1)), nullptr);
  EXPECT_EQ(fresh.identities().find(id_of(1))->claim.owner_generation, claim.owner_generation);
}

TEST_F(WorldLoaderTest, SequencesHaveAGapAfterACrash) {
  Channel& x = create("#x", add(1));
  for (int i = 0; i < 3; ++i)
    world.channel_logs().add(x, message(world.channel_logs().next_seq(x)));
  restore(all_of(world));
  const Channel& again = *fresh.find(channel_name("#x"));
  EXPECT_GT(again.seq(), 1'000'000U);
  EXPECT_EQ(again.sequence_gap(), again.seq());
}

TEST_F(WorldLoaderTest, SequencesRiseAfterACrashBeforeTheFirstWrite) {
  Peer& ann = add(1);
  world.channel_logs().next_seq(create("#x", ann));
  world.mailboxes().next_seq(ann);
  std::uint64_t last = 0;
  std::uint64_t last_inbox = 0;
  for (int crash = 0; crash < 20; ++crash) {
    port::TopicNumbers topics;
    World again{topics};
    WorldLoader restoring(again, random, now, 600'000);
    restoring.take(all_of(world));  // each server crashes before it has stored anything
    Channel& x = *again.find(channel_name("#x"));
    const std::uint64_t first = again.channel_logs().next_seq(x);
    const std::uint64_t first_inbox = again.mailboxes().next_seq(*again.find(id_of(1)));
    EXPECT_GT(first, last);
    EXPECT_GT(first_inbox, last_inbox);
    for (int said = 0; said < 1'000; ++said) {
      last = again.channel_logs().next_seq(x);
      last_inbox = again.mailboxes().next_seq(*again.find(id_of(1)));
    }
    pass(100);
  }
}

TEST_F(WorldLoaderTest, SequencesContinueAfterAnOrderlyEnd) {
  Peer& ann = add(1);
  Channel& x = create("#x", ann);
  for (int i = 0; i < 3; ++i) {
    auto one = *message(world.channel_logs().next_seq(x));
    one.line = "said";
    world.channel_logs().add(x, std::make_shared<const StoredMessage>(one));
  }
  world.mailboxes().next_seq(ann);
  world.changes().seal();
  port::Snapshot all = all_of(world);
  all.sealed = true;
  restore(std::move(all));
  Channel& again = *fresh.find(channel_name("#x"));
  EXPECT_EQ(again.seq(), 3U);
  EXPECT_EQ(again.sequence_gap(), 0U);
  EXPECT_EQ(again.log().size(), 3U);
  EXPECT_EQ(back(1).inbox_seq(), 1U);
  EXPECT_EQ(fresh.channel_logs().next_seq(again), 4U);
}

TEST_F(WorldLoaderTest, LoadsUndeliveredMail) {
  Peer& ann = add(1);
  const auto post = [&](bool handed_out) {
    auto one = *message(world.mailboxes().next_seq(ann));
    one.line = "told";
    world.mailboxes().post(ann, std::make_shared<const StoredMessage>(one), handed_out, now);
  };
  post(true);
  world.suspend(ann);
  post(false);
  post(false);
  restore(all_of(world));
  ASSERT_NE(back(1).inbox(), nullptr);
  EXPECT_EQ(back(1).inbox()->size(), 3U);
  EXPECT_EQ(back(1).inbox()->undelivered(), 2U);
}

TEST_F(WorldLoaderTest, MailThatWasHandedOutLaterStaysHandedOut) {
  Peer& ann = add(1);
  for (int i = 0; i < 3; ++i) {
    auto one = *message(world.mailboxes().next_seq(ann));
    one.line = "told";
    world.mailboxes().post(ann, std::make_shared<const StoredMessage>(one), false, now);
  }
  world.mailboxes().hand_out(ann, now);
  port::Snapshot stored = all_of(world);
  // hand_out() writes only the peer's record again.
  for (port::MailRecord& record : stored.mail) record.handed = false;
  restore(std::move(stored));
  ASSERT_NE(back(1).inbox(), nullptr);
  EXPECT_EQ(back(1).inbox()->size(), 3U);
  EXPECT_EQ(back(1).inbox()->undelivered(), 0U);
}

TEST_F(WorldLoaderTest, LoadsLabelsOfMessages) {
  Peer& ann = add(1);
  Channel& x = create("#x", ann);
  say(ann, x, "a");
  port::Snapshot all = all_of(world);
  pass(10'000);
  restore(std::move(all));
  ASSERT_NE(back(1).label_cache(), nullptr);
  const Acknowledged* answer = back(1).label_cache()->find("a", now.steady_ms, 600'000);
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(answer->target, "#x");
  EXPECT_EQ(answer->msgid, "a");
  EXPECT_EQ(back(1).label_cache()->find("a", now.steady_ms + 590'001, 600'000), nullptr);
}

TEST_F(WorldLoaderTest, LoadsTheLastLabelsAcrossLogs) {
  WorldLimits limits;
  limits.mirrored = true;
  limits.labels = 2;
  fresh.set_limits(limits);
  Peer& ann = add(1);
  Channel& x = create("#x", ann);
  Channel& y = create("#y", ann);
  for (const char* label : {"y1", "y2", "y3"}) say(ann, y, label);
  say(ann, x, "x1");
  restore(all_of(world));
  ASSERT_NE(back(1).label_cache(), nullptr);
  const auto knows = [&](const char* label) {
    return back(1).label_cache()->find(label, now.steady_ms, 600'000) != nullptr;
  };
  EXPECT_FALSE(knows("y1"));
  EXPECT_FALSE(knows("y2"));
  EXPECT_TRUE(knows("y3"));
  EXPECT_TRUE(knows("x1"));
}

/// Makes one record at a time invalid, in a store with one peer, its channel and a message in the
/// channel.
class InvalidRecordTest : public WorldLoaderTest {
 protected:
  InvalidRecordTest() {
    Peer& ann = add(1, {"ann", "Ann", "{}"});
    Channel& x = create("#x", ann);
    auto one = *message(world.channel_logs().next_seq(x));
    one.line = "said";
    world.channel_logs().add(x, std::make_shared<const StoredMessage>(one));
    good_ = all_of(world);
  }

  /// Loads the store after `spoil` has changed it, and returns the first problem; empty: none.
  template <class Spoil>
  std::string problem_after(const Spoil& spoil) {
    port::Snapshot bad = good_;
    spoil(bad);
    port::TopicNumbers topics;
    World another{topics};
    WorldLoader loader(another, random, now, 600'000);
    loader.take(std::move(bad));
    EXPECT_EQ(another.check(), "");
    return loader.problems().empty() ? std::string() : loader.problems().front();
  }

 private:
  port::Snapshot good_;
};

TEST_F(InvalidRecordTest, NoProblemIsReportedForAValidStore) {
  EXPECT_EQ(problem_after([](port::Snapshot& /*all*/) {}), "");
}

TEST_F(InvalidRecordTest, ReportsPeersAndChannels) {
  EXPECT_THAT(problem_after([](auto& all) { all.peers[0].secret = "x"; }),
              HasSubstr("peer:5f0c3e"));
  EXPECT_THAT(problem_after([](auto& all) { all.peers[0].id = "\r\n\x1b[31m"; }),
              HasSubstr("peer:\\x0d\\x0a\\x1b[31m: its id"));
  EXPECT_THAT(problem_after([](auto& all) { all.channels[0].name = "X"; }),
              HasSubstr("channel:x: its name"));
  EXPECT_THAT(problem_after([](auto& all) { all.channels[0].modes = "+l"; }),
              HasSubstr("channel:#x: "));
  EXPECT_THAT(problem_after([](auto& all) { all.members[0].rank = "!"; }),
              HasSubstr("channel:#x: the member 5f0c3e"));
}

TEST_F(InvalidRecordTest, ReportsMessages) {
  EXPECT_THAT(problem_after([](auto& all) { all.messages[0].message.line = "a\nb"; }),
              HasSubstr("log:#x: message 1 has an invalid text"));
  EXPECT_THAT(problem_after([](auto& all) { all.messages.push_back(all.messages[0]); }),
              HasSubstr("log:#x: message 1 is out of order"));
  EXPECT_THAT(problem_after([](auto& all) {
                all.mail.push_back({"zz", 0, false, {}});
              }),
              HasSubstr("mail:zz: the peer does not exist"));
}

TEST_F(InvalidRecordTest, ReportsBansAndMutes) {
  EXPECT_THAT(problem_after([](auto& all) {
                all.bans.push_back({"\n", "zz", "", 0, 0});
              }),
              HasSubstr("bans: the ban of \\x0a is invalid"));
  EXPECT_THAT(problem_after([](auto& all) {
                all.channels[0].mutes.push_back({"zz", "", 0, 0});
              }),
              HasSubstr("standing:#x: the rank, mute or invitation of zz is invalid"));
  EXPECT_THAT(problem_after([](auto& all) {
                all.channels[0].bans.push_back({"zz", "", "", 0, 0});
              }),
              HasSubstr("standing:#x: the ban of zz is invalid"));
}

TEST_F(WorldLoaderTest, ReportsInvalidValuesAndKeepsTheRest) {
  create("#x", add(1, {"ann", "Ann", "{}"}));
  const port::Snapshot good = all_of(world);
  const auto broken = [&](const auto& spoil) {
    port::Snapshot bad = good;
    spoil(bad.peers[0], bad.channels[0]);
    port::TopicNumbers topics;
    World another{topics};
    WorldLoader restoring(another, random, now, 600'000);
    restoring.take(std::move(bad));
    EXPECT_EQ(another.check(), "");
    EXPECT_NE(another.find(id_of(1)), nullptr) << "the rest of the record is loaded";
    EXPECT_EQ(another.channels().size(), 1U);
    EXPECT_EQ(restoring.problems().size(), 1U);
    return restoring.problems().empty() ? std::string() : restoring.problems().front();
  };
  const std::string ann = "peer:" + id_of(1).text() + ": ";
  const std::string two_lines = "a\r\nb";
  EXPECT_THAT(broken([](auto& peer, auto&) { peer.nick = "a b"; }), HasSubstr(ann + "its nick"));
  EXPECT_THAT(broken([&](auto& peer, auto&) { peer.name = two_lines; }),
              HasSubstr(ann + "its field 'name'"));
  EXPECT_THAT(broken([](auto& peer, auto&) { peer.info = "{not"; }),
              HasSubstr(ann + "its field 'info'"));
  EXPECT_THAT(broken([&](auto& peer, auto&) { peer.away = two_lines; }),
              HasSubstr(ann + "its field 'away'"));
  EXPECT_THAT(broken([](auto& peer, auto&) { peer.dm = "friends"; }),
              HasSubstr(ann + "its field 'dm'"));
  EXPECT_THAT(broken([](auto& peer, auto&) { peer.blocks = {"zz"}; }),
              HasSubstr(ann + "an id in its list of blocked peers"));
  const std::string x = "channel:#x: its ";
  EXPECT_THAT(broken([&](auto&, auto& all) { all.topic = two_lines; }),
              HasSubstr(x + "field 'topic'"));
  EXPECT_THAT(broken([&](auto&, auto& all) { all.title = two_lines; }),
              HasSubstr(x + "field 'title'"));
  EXPECT_THAT(broken([&](auto&, auto& all) { all.descp = two_lines; }),
              HasSubstr(x + "field 'descp'"));
  EXPECT_THAT(broken([](auto&, auto& all) { all.info = "[]"; }), HasSubstr(x + "field 'info'"));
}

TEST_F(WorldLoaderTest, ReportsABoundedNumberOfProblems) {
  port::Snapshot bad;
  bad.mail.resize(5'000);
  restore(std::move(bad));
  EXPECT_EQ(problems.size(), 1'001U);
  EXPECT_EQ(problems.back(), "*: more records and fields; only the first 1000 are listed");
}

TEST_F(WorldLoaderTest, IgnoresLabelsOfAnEarlierSession) {
  Peer& host = add(2);
  Channel& x = create("#x", host);
  Peer& ann = add_owned(1);
  world.join(ann, x);
  say(ann, x, "a");
  world.remove(ann, now);
  world.join(bring_back(1), x);
  restore(all_of(world));
  EXPECT_EQ(back(1).label_cache(), nullptr);
  EXPECT_EQ(fresh.find(channel_name("#x"))->log().size(), 1U);
}

TEST_F(WorldLoaderTest, SealKeepsTheGapAfterACrash) {
  Peer& ann = add(1);
  world.channel_logs().next_seq(create("#x", ann));
  world.mailboxes().next_seq(ann);
  restore(all_of(world));
  Channel& x = *fresh.find(channel_name("#x"));
  (void)fresh.changes().take();
  fresh.changes().seal();
  port::Snapshot sealed;
  for (port::Record& record : fresh.changes().records(fresh.changes().take())) {
    std::visit(RecordSorter{sealed}, record);
  }
  EXPECT_TRUE(sealed.sealed);
  ASSERT_EQ(sealed.channels.size(), 1U);
  EXPECT_EQ(sealed.channels[0].seq, x.seq());
  EXPECT_EQ(sealed.channels[0].sequence_gap, x.seq());
  ASSERT_EQ(sealed.peers.size(), 1U);
  EXPECT_EQ(sealed.peers[0].inbox_seq, back(1).inbox_seq());
  EXPECT_EQ(sealed.peers[0].inbox_sequence_gap, back(1).inbox_seq());
}
