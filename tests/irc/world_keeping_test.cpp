// What the world keeps for a while, and that it keeps no more than it may.
#include "irc/world.hpp"

#include <gtest/gtest.h>

#include "tests/irc/world_fixture.hpp"

using namespace signaller;
using namespace signaller::irc;

namespace {

/// What is kept of a peer's mail, and a `|` before what nobody has been sent.
std::string mail(const Peer& peer) {
  const Inbox* inbox = peer.inbox();
  if (inbox == nullptr) return "-";
  std::string out;
  for (std::size_t i = 0; i < inbox->size(); ++i) {
    if (i == inbox->size() - inbox->undelivered()) out += '|';
    out += std::to_string((*inbox)[i]->seq);
  }
  return out;
}

struct MailTest : WorldTest {
  MailTest() { world.suspend(ann); }
  void post(std::uint64_t seq, bool handed_out, std::size_t cost = 0) {
    world.mailboxes().post(ann, message(seq, 0, cost), handed_out, now);
    step();
  }
  Peer& ann = add(1);
};

}  // namespace

TEST_F(MailTest, WaitsUntilItIsHandedOut) {
  EXPECT_EQ(world.mailboxes().next_seq(ann), 1U);
  EXPECT_EQ(world.mailboxes().next_seq(ann), 2U);
  post(1, false);
  post(2, false);
  EXPECT_EQ(mail(ann), "|12");
  world.mailboxes().hand_out(ann, now);
  EXPECT_EQ(mail(ann), "12");
  world.mailboxes().take_back(ann, 1);
  EXPECT_EQ(mail(ann), "1|2");
}

TEST_F(MailTest, ExpiresAWhileAfterItWasHandedOut) {
  world.edit(ann, now).resume_ms = 60'000;
  EXPECT_EQ(world.mailboxes().due_ms(), 0);
  post(1, true);
  const auto due = world.mailboxes().due_ms();
  EXPECT_EQ(due, now.steady_ms + 60'001);
  pass(30'000);
  post(2, true);
  EXPECT_EQ(world.mailboxes().due_ms(), due) << "each inbox is filed once";
  pass(30'000);
  world.mailboxes().expire(now);
  EXPECT_EQ(mail(ann), "12");
  pass(1);
  world.mailboxes().expire(now);
  EXPECT_EQ(mail(ann), "2");
  EXPECT_GT(world.mailboxes().due_ms(), now.steady_ms);
  pass(30'000);
  world.mailboxes().expire(now);
  EXPECT_EQ(mail(ann), "-");
  EXPECT_EQ(world.mailboxes().due_ms(), 0);
  step();
}

TEST_F(MailTest, WhatWaitsDoesNotExpire) {
  post(1, false);
  pass(10'000'000);
  world.mailboxes().expire(now);
  EXPECT_EQ(mail(ann), "|1");
  EXPECT_GT(world.mailboxes().due_ms(), now.steady_ms) << "looked at again, but not at once";
  EXPECT_TRUE(world.mailboxes().expire(ann, now));
  world.mailboxes().hand_out(ann, now);
  EXPECT_TRUE(world.mailboxes().expire(ann, now)) << "its time begins now";
  pass(ann.state().resume_ms + 1);
  EXPECT_FALSE(world.mailboxes().expire(ann, now));
  EXPECT_EQ(mail(ann), "-");
}

TEST_F(MailTest, OfWhoIsGoneIsForgotten) {
  post(1, true);
  world.remove(ann, now);
  Peer& next = add(1);
  pass(100'000);
  world.mailboxes().expire(now);
  EXPECT_EQ(world.mailboxes().due_ms(), 0);
  world.mailboxes().post(next, message(5), true, now);
  EXPECT_NE(world.mailboxes().due_ms(), 0) << "the next one's mail is filed anew";
}

TEST_F(MailTest, IsBoundedForAllTogether) {
  WorldLimits limits;
  limits.inbox.all_bytes = 1'000;
  world.set_limits(limits);
  Peer& bob = add(2);
  post(1, false, 600);
  EXPECT_TRUE(world.mailboxes().has_room(bob, 400));
  EXPECT_FALSE(world.mailboxes().has_room(bob, 401));
  world.mailboxes().post(bob, message(1, 0, 300), true, now);
  world.mailboxes().post(bob, message(2, 0, 300), true, now);
  step();
  EXPECT_EQ(mail(ann), "|1") << "what waits is not given up for what was handed out";
  EXPECT_LE(bob.inbox()->bytes(), 400U);
  EXPECT_EQ(bob.inbox()->undelivered(), 0U);
}

TEST_F(MailTest, HasRoomAsItsOwnLimitSays) {
  WorldLimits limits;
  limits.inbox.messages = 1;
  world.set_limits(limits);
  EXPECT_TRUE(world.mailboxes().has_room(ann, 10));
  post(1, false);
  EXPECT_FALSE(world.mailboxes().has_room(ann, 10));
  world.mailboxes().hand_out(ann, now);
  EXPECT_TRUE(world.mailboxes().has_room(ann, 10));
}

TEST_F(WorldTest, WhatABlockedOneSaysIsCounted) {
  Peer& ann = add(1);
  world.edit(ann, now).blocks[id_of(2)] = 0;
  EXPECT_EQ(world.count_blocked_message(ann, id_of(2)), 1U);
  EXPECT_EQ(world.count_blocked_message(ann, id_of(2)), 2U);
  EXPECT_EQ(ann.inbox_seq(), 0U);
}

TEST_F(WorldTest, RemembersAsManyLabelsAsAreSet) {
  WorldLimits limits;
  limits.labels = 2;
  world.set_limits(limits);
  Peer& ann = add(1);
  EXPECT_EQ(ann.label_cache(), nullptr);
  for (const std::uint64_t n : {1U, 2U, 3U}) {
    world.remember(ann, std::to_string(n), {"#x", "", n}, now);
  }
  EXPECT_EQ(ann.label_cache()->find("1", now.steady_ms, 1'000), nullptr);
  EXPECT_EQ(ann.label_cache()->find("3", now.steady_ms, 1'000)->seq, 3U);
}

TEST_F(WorldTest, LogsAreBoundedTogetherTheLargestFirst) {
  WorldLimits limits;
  limits.log.all_bytes = 3'000;
  world.set_limits(limits);
  Peer& ann = add(1);
  Channel& small = create("#small", ann);
  Channel& large = create("#large", ann);
  world.channel_logs().add(small, message(world.channel_logs().next_seq(small), now.unix_ms, 500));
  for (int i = 0; i < 5; ++i)
    world.channel_logs().add(large,
                             message(world.channel_logs().next_seq(large), now.unix_ms, 500));
  EXPECT_EQ(small.log().size() + large.log().size(), 6U) << "just as many as may be";
  world.channel_logs().add(small, message(world.channel_logs().next_seq(small), now.unix_ms, 500));
  step();
  EXPECT_EQ(small.log().size(), 2U);
  EXPECT_EQ(large.log().size(), 2U);
  EXPECT_EQ(large.log()[1]->seq, 5U) << "the newest stay";
  world.leave(ann, large);
  step();
}

TEST_F(WorldTest, LogsExpire) {
  WorldLimits limits;
  limits.log.age_ms = 1'000;
  world.set_limits(limits);
  Channel& x = create("#x", add(1));
  world.channel_logs().add(x, message(world.channel_logs().next_seq(x), now.unix_ms));
  pass(1'000);
  world.channel_logs().expire(x, now);
  EXPECT_EQ(x.log().size(), 1U);
  pass(1);
  world.channel_logs().expire(x, now);
  EXPECT_EQ(x.log().size(), 0U);
}

TEST_F(WorldTest, BansOfTheServerThatAreOverAreLifted) {
  const auto range = *signaller::port::AddressRange::parse("192.0.2.0/24");
  world.ban(id_of(1), Ban{id_of(9), "", 0, now.unix_ms + 100});
  world.ban(id_of(2), Ban{id_of(9), "", 0, 0});
  world.ban(range, Ban{id_of(9), "", 0, now.unix_ms + 100});
  world.expire_server_bans(now);
  EXPECT_EQ(world.server_bans().size(), 3U);
  pass(100);
  world.changes().take();
  world.expire_server_bans(now);
  EXPECT_EQ(world.server_bans().size(), 1U);
  EXPECT_EQ(world.changes().records(world.changes().take()).size(), 2U) << "and the store is told";
}

TEST_F(WorldTest, AuditMarksAreBounded) {
  constexpr std::uint64_t Entries = 1'500;
  for (std::uint64_t id = 1; id <= Entries; ++id) {
    port::AuditRecord record;
    record.id = id;
    world.changes().add(std::move(record));
  }
  const auto& audit = world.changes().pending().audit;
  EXPECT_LE(audit.size(), 1'000U) << "a store that takes nothing costs no more";
  EXPECT_EQ(audit.back().id, Entries);
  EXPECT_EQ(audit.front().id, Entries - audit.size() + 1);
  const auto records = world.changes().records(world.changes().take());
  EXPECT_EQ(std::get<port::AuditRecord>(records.back()).id, Entries);
}

TEST_F(WorldTest, AuditMarksOfARefusedBatchKeepTheirOrderAndBound) {
  const auto mark = [this](std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t id = from; id <= to; ++id) {
      port::AuditRecord record;
      record.id = id;
      world.changes().add(std::move(record));
    }
  };
  mark(1, 900);
  ChangeSet refused = world.changes().take();
  mark(901, 1'800);
  world.changes().put_back(std::move(refused));
  const auto& audit = world.changes().pending().audit;
  EXPECT_EQ(audit.back().id, 1'800U);
  for (std::size_t i = 1; i < audit.size(); ++i) ASSERT_EQ(audit[i].id, audit[i - 1].id + 1);
  EXPECT_LE(audit.size(), 1'000U);
}

TEST_F(WorldTest, BansOfTheServerAreStored) {
  const auto range = *signaller::port::AddressRange::parse("192.0.2.0/24");
  world.ban(id_of(1), Ban{id_of(9), "loud", 5, 7});
  world.ban(range, Ban{id_of(9), "", 5, 0});
  auto records = world.changes().records(world.changes().take());
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(std::get<port::BanRecord>(records[0]).whom, "192.0.2.0/24");
  const auto& ban = std::get<port::BanRecord>(records[1]);
  EXPECT_EQ(ban.whom, id_of(1).text());
  EXPECT_EQ(ban.by, id_of(9).text());
  EXPECT_EQ(ban.reason, "loud");
  EXPECT_EQ(ban.set_ms, 5);
  EXPECT_EQ(ban.until_ms, 7);
  EXPECT_TRUE(world.unban(range));
  EXPECT_TRUE(world.unban(id_of(1)));
  EXPECT_FALSE(world.unban(id_of(1)));
  records = world.changes().records(world.changes().take());
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(std::get<port::ServerBanGone>(records[0]).whom, "192.0.2.0/24");
}

TEST_F(WorldTest, APersistentChannelStaysWithoutAnybody) {
  Peer& ann = add(1);
  Channel& x = create("#x", ann);
  const auto topic = x.topic_id();
  world.edit(x, now).modes.persistent = true;
  EXPECT_FALSE(world.leave(ann, x));
  step();
  EXPECT_EQ(world.find(channel_name("#X")), &x);
  EXPECT_NE(create("#y", ann).topic_id(), topic);
  EXPECT_FALSE(world.drop_if_empty(x));
  world.edit(x, now).modes.persistent = false;
  EXPECT_TRUE(world.drop_if_empty(x));
  step();
  EXPECT_EQ(world.find(channel_name("#x")), nullptr);
  EXPECT_EQ(create("#z", ann).topic_id(), topic) << "its topic is free again";
}

TEST_F(WorldTest, DropsNoChannelThatSomebodyIsIn) {
  Channel& x = create("#x", add(1));
  EXPECT_FALSE(world.drop_if_empty(x));
  EXPECT_EQ(world.channels().size(), 1U);
}
