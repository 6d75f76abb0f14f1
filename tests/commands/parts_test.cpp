// The small parts with a clock: buckets, deadlines, counts, batches to the store.
#include <gtest/gtest.h>

#include <random>

#include "commands/big_channels.hpp"
#include "commands/bucket.hpp"
#include "commands/saving.hpp"
#include "commands/waiting.hpp"
#include "tests/seeded.hpp"

using namespace signaller;
using namespace signaller::commands;

namespace {

port::ConnectionId connection(std::uint32_t n) {
  return {0, 0, n, 1};
}

}  // namespace

TEST(Bucket, GivesABurstThenTheRate) {
  Bucket bucket;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(bucket.take(1, 2, 10, 5'000), 0);
  EXPECT_EQ(bucket.take(1, 2, 10, 5'000), 500);
  EXPECT_EQ(bucket.take(1, 2, 10, 5'499), 1);
  EXPECT_EQ(bucket.take(1, 2, 10, 5'500), 0);
  EXPECT_EQ(bucket.take(100, 2, 10, 10'500), 0) << "what costs more than all costs all";
  EXPECT_EQ(bucket.take(1, 0, 10, 10'500), 0) << "no rate: no limit";
}

TEST(Bucket, SustainsTheRateThatIsSet) {
  std::mt19937 engine(3);
  for (const double rate : {1.0, 20.0, 333.0}) {
    Bucket bucket;
    std::int64_t now = 0;
    double taken = 0;
    while (now < 100'000) {
      now += static_cast<std::int64_t>(engine() % 5);
      const double cost = 1 + static_cast<double>(engine() % 3);
      if (bucket.take(cost, rate, 50, now) == 0) taken += cost;
    }
    EXPECT_NEAR(taken, rate * 100 + 50, rate * 100 * 0.02 + 5) << rate;
  }
}

TEST(Waiting, IsShorterTheMoreWaitButNeverTooShort) {
  Options options;
  options.describe_crowd = 10;
  Waiting waiting;
  for (std::uint32_t n = 0; n < 10; ++n) {
    EXPECT_EQ(waiting.allowed_ms(options), 30'000);
    waiting.add(connection(n), 30'000);
  }
  EXPECT_EQ(waiting.allowed_ms(options), 27'272);
  for (std::uint32_t n = 10; n < 1000; ++n) waiting.add(connection(n), 30'000);
  EXPECT_EQ(waiting.allowed_ms(options), 5'000);
  options.describe_timeout_ms = 1'000;
  EXPECT_EQ(waiting.allowed_ms(options), 1'000);
}

TEST(Waiting, KnowsWhoIsOverdue) {
  Waiting waiting;
  EXPECT_EQ(waiting.deadline_ms(), std::nullopt);
  const auto first = waiting.add(connection(1), 500);
  waiting.add(connection(2), 400);
  EXPECT_EQ(waiting.deadline_ms(), 400);
  EXPECT_EQ(waiting.overdue(399), std::nullopt);
  EXPECT_EQ(waiting.overdue(400), connection(2));
  waiting.remove(first);
  EXPECT_EQ(waiting.overdue(1'000), connection(2));
}

TEST(BigChannels, OweOneCountASecond) {
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

TEST(Saving, HasOneBatchUnderWay) {
  irc::World world;
  tests::Seeded random(3);
  Saving saving;
  port::Effects out;
  saving.turn_end(world, {}, out);
  EXPECT_TRUE(out.empty()) << "nothing is dirty";
  world.add(*irc::PeerId::parse("5f0c3e0000000000000000aa"), {}, {}, {}, random, {});
  saving.turn_end(world, {}, out);
  ASSERT_EQ(out.size(), 1U);
  const auto token = std::get<port::Persist>(*out.begin()).token;
  world.add(*irc::PeerId::parse("5f0c3e0000000000000000bb"), {}, {}, {}, random, {});
  saving.turn_end(world, {}, out);
  EXPECT_EQ(out.size(), 1U) << "one at a time";
  saving.stored(world, {token + 1, true}, {});
  saving.turn_end(world, {}, out);
  EXPECT_EQ(out.size(), 1U) << "another's answer is none";
  saving.stored(world, {token, true}, {});
  saving.turn_end(world, {}, out);
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(std::get<port::Persist>(*(out.begin() + 1)).records.size(), 1U);
}

TEST(Saving, TriesARefusedBatchAgain) {
  irc::World world;
  tests::Seeded random(3);
  Saving saving;
  port::Effects out;
  world.add(*irc::PeerId::parse("5f0c3e0000000000000000aa"), {}, {}, {}, random, {});
  saving.turn_end(world, {0, 100}, out);
  saving.stored(world, {1, false}, {0, 200});
  EXPECT_EQ(saving.retry_ms(), 1'200);
  saving.turn_end(world, {0, 1'199}, out);
  EXPECT_EQ(out.size(), 1U);
  saving.turn_end(world, {0, 1'200}, out);
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(std::get<port::Persist>(*(out.begin() + 1)).records.size(), 1U);
  EXPECT_EQ(saving.retry_ms(), std::nullopt);
}
