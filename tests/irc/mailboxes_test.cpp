// Inboxes of peers: delivery, expiry and bounds.
#include "irc/mailboxes.hpp"

#include <gtest/gtest.h>

#include "tests/irc/world_fixture.hpp"

using namespace signaller;
using namespace signaller::irc;

namespace {

/// The numbers of the kept messages, with a `|` before the undelivered ones; `-`: no inbox.
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

struct MailboxesTest : WorldTest {
  MailboxesTest() { world.suspend(ann); }
  void post(std::uint64_t seq, bool handed_out, std::size_t cost = 0) {
    world.mailboxes().post(ann, message(seq, 0, cost), handed_out, now);
    step();
  }
  Peer& ann = add(1);
};

}  // namespace

TEST_F(MailboxesTest, MessagesAreUndeliveredUntilHandedOut) {
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

TEST_F(MailboxesTest, HandedOutMessagesExpire) {
  world.edit(ann, now).resume_ms = 60'000;
  EXPECT_EQ(world.mailboxes().due_ms(), 0);
  post(1, true);
  const auto due = world.mailboxes().due_ms();
  EXPECT_EQ(due, now.steady_ms + 60'001);
  pass(30'000);
  post(2, true);
  EXPECT_EQ(world.mailboxes().due_ms(), due) << "an inbox is scheduled once";
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

TEST_F(MailboxesTest, UndeliveredMessagesDoNotExpire) {
  post(1, false);
  pass(10'000'000);
  world.mailboxes().expire(now);
  EXPECT_EQ(mail(ann), "|1");
  EXPECT_GT(world.mailboxes().due_ms(), now.steady_ms) << "scheduled again, but later";
  EXPECT_TRUE(world.mailboxes().expire(ann, now));
  world.mailboxes().hand_out(ann, now);
  EXPECT_TRUE(world.mailboxes().expire(ann, now)) << "its time begins now";
  pass(ann.state().resume_ms + 1);
  EXPECT_FALSE(world.mailboxes().expire(ann, now));
  EXPECT_EQ(mail(ann), "-");
}

TEST_F(MailboxesTest, InboxEndsWithItsPeer) {
  post(1, true);
  world.remove(ann, now);
  Peer& next = add(1);
  pass(100'000);
  world.mailboxes().expire(now);
  EXPECT_EQ(world.mailboxes().due_ms(), 0);
  world.mailboxes().post(next, message(5), true, now);
  EXPECT_NE(world.mailboxes().due_ms(), 0) << "the inbox of a new peer is scheduled";
}

TEST_F(MailboxesTest, BytesOfAllInboxesAreBounded) {
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
  EXPECT_EQ(mail(ann), "|1") << "handed-out messages are dropped first";
  EXPECT_LE(bob.inbox()->bytes(), 400U);
  EXPECT_EQ(bob.inbox()->undelivered(), 0U);
}

TEST_F(MailboxesTest, EachInboxHasItsOwnLimit) {
  WorldLimits limits;
  limits.inbox.messages = 1;
  world.set_limits(limits);
  EXPECT_TRUE(world.mailboxes().has_room(ann, 10));
  post(1, false);
  EXPECT_FALSE(world.mailboxes().has_room(ann, 10));
  world.mailboxes().hand_out(ann, now);
  EXPECT_TRUE(world.mailboxes().has_room(ann, 10));
}
