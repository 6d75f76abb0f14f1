#include "commands/gap.hpp"

#include <gtest/gtest.h>

#include "commands/core.hpp"
#include "commands/publish.hpp"
#include "tests/irc/world_fixture.hpp"
#include "tests/plain_hash.hpp"

using namespace signaller;
using namespace signaller::commands;
using irc::id_of;

namespace {

struct GapTest : testing::Test {
  GapTest() : core(Options{}, random, hash) {}
  void TearDown() override { EXPECT_EQ(core.world.check(), ""); }

  Session& add(std::uint32_t n) {
    const port::ConnectionId id{0, 0, n, 1};
    Session& session = core.sessions[id];
    session.connection = id;
    session.peer = &core.world.add(id_of(n), {id, {}}, {}, {}, random, now);
    return session;
  }
  /// Publishes a line to the channel; who had to wait for it is not among the effects.
  void say(const std::string& text, std::uint64_t seq = 0) {
    irc::Line line("s", "SAY");
    line.trailing(text);
    publish(core, out, channel, std::move(line), port::FrameClass::Chat, nullptr, seq);
  }
  /// What the effects send to one connection from here on, in order; `sub` and `unsub` too.
  std::string sent(const Session& to) {
    std::string text;
    for (const auto& effect : std::exchange(out, {})) {
      if (const auto* send = std::get_if<port::Send>(&effect); send && send->to == to.connection) {
        text += send->text.substr(send->text.find(" :") + 2) + ' ';
      }
      if (const auto* one = std::get_if<port::Subscribe>(&effect)) text += is(*one, to, "sub ");
      if (const auto* one = std::get_if<port::Unsubscribe>(&effect)) text += is(*one, to, "unsub ");
      if (const auto* one = std::get_if<port::Close>(&effect)) text += is(*one, to, "close ");
    }
    return text;
  }
  template <class Effect>
  static std::string is(const Effect& effect, const Session& whose, const char* name) {
    return effect.who == whose.connection ? name : "";
  }

  tests::Seeded random{3};
  tests::PlainHash hash;
  port::Instant now{1'700'000'000'000, 1};
  Core core;
  port::Effects out;
  Session& ann = add(1);
  irc::Channel& channel = core.world.create(irc::channel_name("#x"), *ann.peer, {}, random, now);
};

}  // namespace

TEST_F(GapTest, HoldsLinesUntilItsEnd) {
  open_gap(core, out, ann, channel);
  EXPECT_EQ(sent(ann), "unsub ");
  open_gap(core, out, ann, channel);
  EXPECT_EQ(sent(ann), "") << "it has one already";
  say("one");
  say("two");
  EXPECT_EQ(sent(ann), "");
  EXPECT_GT(core.gaps.bytes, 0U);
  close_gap(core, out, ann);
  EXPECT_EQ(sent(ann), "one two sub ") << "each once, and before anything newer";
  EXPECT_EQ(core.gaps.bytes, 0U);
  EXPECT_TRUE(core.gaps.readers.empty());
  close_gap(core, out, ann);
  EXPECT_EQ(sent(ann), "");
}

TEST_F(GapTest, OthersAreNotHeldUp) {
  Session& bob = add(2);
  core.world.join(*bob.peer, channel);
  open_gap(core, out, bob, channel);
  sent(ann);
  say("one");
  ASSERT_EQ(out.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<port::Publish>(*out.begin()));
}

TEST_F(GapTest, WhatWillBeReplayedIsNotToldTwice) {
  open_gap(core, out, ann, channel);
  say("one", 1);
  say("joined");
  say("two", 2);
  say("three", 3);
  sent(ann);
  forget_waiting(core, ann, channel.topic_id(), 2);
  close_gap(core, out, ann);
  EXPECT_EQ(sent(ann), "joined three sub ");
  EXPECT_EQ(core.gaps.bytes, 0U);
}

TEST_F(GapTest, OneWhoHasLeftIsNotSubscribedAgain) {
  open_gap(core, out, ann, channel);
  say("kicked");
  leave_gap(core, ann, channel.topic_id());
  say("later");
  sent(ann);
  close_gap(core, out, ann);
  EXPECT_EQ(sent(ann), "kicked ");
  EXPECT_TRUE(core.gaps.readers.empty());
}

TEST_F(GapTest, AnEndOfTheSessionDropsWhatWaited) {
  open_gap(core, out, ann, channel);
  open_mail_gap(ann);
  irc::LoggedPtr mail = irc::message(1);
  core.world.post(*ann.peer, mail, true, now);
  wait_in_gap(core, out, ann, {"psst", port::FrameClass::Chat, 0, port::TopicId::None, 1});
  say("one");
  EXPECT_EQ(ann.peer->inbox()->waiting(), 0U);
  drop_gap(core, ann);
  EXPECT_EQ(ann.gap, nullptr);
  EXPECT_EQ(core.gaps.bytes, 0U);
  EXPECT_TRUE(core.gaps.readers.empty());
  EXPECT_EQ(ann.peer->inbox()->waiting(), 1U) << "private messages go back into the inbox";
}

TEST_F(GapTest, AReaderThatLetsTooMuchPileUpIsClosed) {
  open_gap(core, out, ann, channel);
  sent(ann);
  for (int i = 0; i < 2'000 && !ann.closing; ++i) {
    say(std::string(1'000, 'x'));
    EXPECT_LT(core.gaps.bytes, 1'060U * 1024);
  }
  EXPECT_TRUE(ann.closing);
  EXPECT_EQ(sent(ann), "close ");
  EXPECT_EQ(core.gaps.bytes, 0U);
  say("more");
  EXPECT_EQ(sent(ann), "");
}

TEST_F(GapTest, PresenceIsNotKeptForWhoWantsNone) {
  core.world.seat(*ann.peer, [&] {
    irc::Seat seat{ann.connection, {}};
    seat.caps.no_presence = true;
    return seat;
  }());
  open_gap(core, out, ann, channel);
  irc::Line line("s", "JOIN");
  publish(core, out, channel, line.trailing("#x"), port::FrameClass::Presence, nullptr);
  say("chat");
  sent(ann);
  close_gap(core, out, ann);
  EXPECT_EQ(sent(ann), "chat sub ");
}

// A line to several channels comes once, in its place, whichever of them the reader waits for.
TEST_F(GapTest, WhatConcernsSeveralChannelsIsToldOnce) {
  Session& bob = add(2);
  irc::Channel& other = core.world.create(irc::channel_name("#y"), *ann.peer, {}, random, now);
  core.world.join(*bob.peer, channel);
  core.world.join(*bob.peer, other);
  open_gap(core, out, ann, channel);
  open_gap(core, out, ann, other);
  sent(ann);
  irc::Line line("s", "QUIT");
  publish_shared(core, out, *bob.peer, line.trailing("quit"), port::FrameClass::Presence, false);
  sent(ann);
  close_gap(core, out, ann);
  EXPECT_EQ(sent(ann), "quit sub sub ");
}
