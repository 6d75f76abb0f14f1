// COUNT lines of big channels, and batches to the store.
#include <gtest/gtest.h>

#include "commands/session/big_channels.hpp"
#include "commands/session/write_behind.hpp"
#include "tests/seeded.hpp"

using namespace signaller;
using namespace signaller::commands;

TEST(BigChannels, SendAtMostOneCountASecond) {
  BigChannels channels;
  EXPECT_TRUE(channels.empty());
  channels.changed("#x");
  EXPECT_EQ(channels.take_due(0), std::vector<std::string>{"#x"});
  channels.changed("#x");
  channels.changed("#x");
  EXPECT_TRUE(channels.take_due(999).empty());
  EXPECT_EQ(channels.next_ms(), 1'000);
  EXPECT_EQ(channels.take_due(1'000), std::vector<std::string>{"#x"});
  EXPECT_EQ(channels.next_ms(), std::nullopt);
  EXPECT_TRUE(channels.take_due(2'000).empty());
  EXPECT_TRUE(channels.empty()) << "nothing is kept of a channel at rest";
}

TEST(WriteBehind, HasOneBatchInProgress) {
  port::TopicNumbers numbers;
  irc::World world{numbers};
  tests::Seeded random(3);
  WriteBehind write_behind;
  port::Effects out;
  write_behind.turn_end(world, out, {});
  EXPECT_TRUE(out.empty()) << "nothing is dirty";
  world.add(*irc::PeerId::parse("5f0c3e0000000000000000aa"), {}, {}, {}, random, {});
  write_behind.turn_end(world, out, {});
  ASSERT_EQ(out.size(), 1U);
  const auto token = std::get<port::Persist>(*out.begin()).token;
  world.add(*irc::PeerId::parse("5f0c3e0000000000000000bb"), {}, {}, {}, random, {});
  write_behind.turn_end(world, out, {});
  EXPECT_EQ(out.size(), 1U) << "one at a time";
  EXPECT_FALSE(write_behind.stored(world, {token + 1, true}));
  write_behind.turn_end(world, out, {});
  EXPECT_EQ(out.size(), 1U) << "another's answer is none";
  EXPECT_TRUE(write_behind.stored(world, {token, true}));
  write_behind.turn_end(world, out, {});
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(std::get<port::Persist>(*(out.begin() + 1)).records.size(), 1U);
}

TEST(WriteBehind, TriesARefusedBatchAgainWhenTheStoreIsBack) {
  port::TopicNumbers numbers;
  irc::World world{numbers};
  tests::Seeded random(3);
  WriteBehind write_behind;
  port::Effects out;
  world.add(*irc::PeerId::parse("5f0c3e0000000000000000aa"), {}, {}, {}, random, {});
  write_behind.turn_end(world, out, {});
  EXPECT_FALSE(write_behind.stored(world, {1, false}));
  write_behind.turn_end(world, out, {});
  EXPECT_EQ(out.size(), 1U) << "not before the store says that it is back";
  write_behind.set_ready(true);
  write_behind.turn_end(world, out, {});
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(std::get<port::Persist>(*(out.begin() + 1)).records.size(), 1U);
}
