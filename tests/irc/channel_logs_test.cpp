// Logs of channels: expiry and bounds.
#include "irc/channel_logs.hpp"

#include <gtest/gtest.h>

#include "tests/irc/world_fixture.hpp"

using namespace signaller;
using namespace signaller::irc;

TEST_F(WorldTest, BytesOfAllLogsAreBoundedLargestFirst) {
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
  EXPECT_EQ(small.log().size() + large.log().size(), 6U) << "exactly the limit";
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
