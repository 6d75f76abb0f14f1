// Bounds on bytes that wait for slow readers, and the readers that are closed above them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/fanout_fixture.hpp"

namespace signaller::net {
namespace {

using port::FrameClass;
using testing::ElementsAre;
using testing::IsEmpty;

using FanoutBounds = FanoutTest;

TEST_F(FanoutBounds, DanmakuAboveItsBoundIsDroppedAndCounted) {
  Subscriber& a = link();
  Subscriber& quick = link();
  for (Subscriber* one : {&a, &quick}) fanout.subscribe(*one, A, 0, false);
  wire.room[&a] = 0;
  chat(A, "chat");
  fanout.flush();
  for (int i = 0; i < 10; ++i) {  // each frame has 12 bytes with its header; 60 bytes are allowed
    fanout.publish(A, {forms("danmaku  " + std::to_string(i)), FrameClass::Danmaku, nullptr});
    fanout.flush();
  }
  EXPECT_EQ(fanout.counts().shed, 5U);
  EXPECT_EQ(a.outbox->shed(), 5U);
  wire.room.clear();
  fanout.writable(a);
  EXPECT_EQ(wire.take(a).size(), 6U);
  EXPECT_EQ(wire.take(quick).size(), 11U);
}

TEST_F(FanoutBounds, TooMuchChatClosesTheReader) {
  Subscriber& slow = link();
  Subscriber& quick = link();
  for (Subscriber* one : {&slow, &quick}) fanout.subscribe(*one, A, 0, false);
  wire.room[&slow] = 5;
  for (int i = 0; i < 10; ++i) {
    chat(A, std::string(100, 'x'));
    fanout.flush();
  }
  ASSERT_THAT(wire.slow_links, ElementsAre(&slow));
  EXPECT_TRUE(slow.closed);
  EXPECT_EQ(slow.passed, Bound::Chat);
  EXPECT_LE(slow.outbox->bytes(), 102U);  // only the partly written frame is left
  fanout.send_last(slow, "3008", Plain);
  fanout.flush();
  wire.room.clear();
  fanout.writable(slow);
  EXPECT_THAT(wire.take(slow), ElementsAre(std::string(100, 'x'), "3008"));
  EXPECT_EQ(wire.take(quick).size(), 10U);
}

TEST_F(FanoutBounds, TooManySignalsCloseTheReader) {
  Subscriber& slow = link();
  wire.room[&slow] = 0;
  fanout.send(slow, "first", Plain);
  fanout.flush();
  for (int i = 0; i < 4; ++i) {
    fanout.send(slow, std::string(90, 's'), {Opcode::Text, FrameClass::Signal, 1, false});
    fanout.flush();
  }
  EXPECT_THAT(wire.slow_links, ElementsAre(&slow));
  EXPECT_EQ(slow.passed, Bound::Signals);
  EXPECT_EQ(held, 0U);  // the copied frames are freed, too
}

TEST_F(FanoutBounds, TheProcessBoundCountsEachBatchOnce) {
  limits = {10'000, 10'000, 300, 60, 2000};  // the process may hold 2,000 bytes, a reader 10,000
  Fanout bounded(wire, limits, held);
  Subscriber& one = link();
  Subscriber& two = link();
  for (Subscriber* each : {&one, &two}) {
    bounded.subscribe(*each, A, 0, false);
    wire.room[each] = 0;
  }
  bounded.publish(A, {forms(std::string(100, 'x')), FrameClass::Chat, nullptr});
  bounded.flush();
  const std::size_t once = held;
  EXPECT_GE(once, 102U);
  EXPECT_LT(once, 400U);
  for (int i = 0; i < 40 && wire.slow_links.empty(); ++i) {
    bounded.publish(A, {forms(std::string(50, 'x')), FrameClass::Chat, nullptr});
    bounded.flush();
  }
  ASSERT_FALSE(wire.slow_links.empty());
  EXPECT_EQ(wire.slow_links.front()->passed, Bound::Process);
  for (Subscriber* each : {&one, &two}) bounded.forget(*each);
  EXPECT_EQ(held, 0U);
}

TEST_F(FanoutBounds, APingOfTheServerNeverClosesAReader) {
  limits = {100, 100, 300, 60, 1'000'000};
  Fanout bounded(wire, limits, held);
  Subscriber& reader = link();
  wire.room[&reader] = 50;
  // An echoed message may be larger than a bound.
  bounded.send(reader, std::string(500, 'e'), Plain);
  bounded.flush();
  bounded.send(reader, "", {Opcode::Ping, FrameClass::Signal, PingLane, false});
  bounded.flush();
  EXPECT_TRUE(wire.slow_links.empty());
  bounded.send(reader, "more", Plain);
  bounded.flush();
  EXPECT_FALSE(wire.slow_links.empty());
  bounded.forget(reader);
}

}  // namespace
}  // namespace signaller::net
