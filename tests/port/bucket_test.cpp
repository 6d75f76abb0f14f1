#include "port/bucket.hpp"

#include <gtest/gtest.h>

#include "tests/seeded.hpp"

using namespace signaller;
using port::TokenBucket;

TEST(TokenBucket, AllowsABurstAndThenTheRate) {
  TokenBucket bucket;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(bucket.take(1, 2, 10, 5'000), 0);
  EXPECT_EQ(bucket.take(1, 2, 10, 5'000), 500);
  EXPECT_EQ(bucket.take(1, 2, 10, 5'499), 1);
  EXPECT_EQ(bucket.take(1, 2, 10, 5'500), 0);
  EXPECT_EQ(bucket.take(100, 2, 10, 10'500), 0) << "what costs more than all costs all";
  EXPECT_EQ(bucket.take(1, 0, 10, 10'500), 0) << "no rate: no limit";
}

TEST(TokenBucket, SustainsTheConfiguredRate) {
  tests::Seeded random(3);
  for (const double rate : {1.0, 20.0, 333.0}) {
    TokenBucket bucket;
    std::int64_t now = 0;
    double taken = 0;
    while (now < 100'000) {
      now += static_cast<std::int64_t>(random.below(5));
      const double cost = 1 + static_cast<double>(random.below(3));
      if (bucket.take(cost, rate, 50, now) == 0) taken += cost;
    }
    EXPECT_NEAR(taken, rate * 100 + 50, rate * 100 * 0.02 + 5) << rate;
  }
}

TEST(TokenBucket, ARefusalTakesNothing) {
  TokenBucket bucket;
  EXPECT_EQ(bucket.take(8, 1, 10, 0), 0);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(bucket.take(5, 1, 10, 0), 3'000);
  EXPECT_EQ(bucket.take(2, 1, 10, 0), 0);
  EXPECT_EQ(bucket.take(5, 1, 10, 5'000), 0);
}

TEST(TokenBucket, NeverWaitsLongerThanADay) {
  TokenBucket bucket;
  EXPECT_EQ(bucket.take(10, 1e-9, 10, 0), 0);
  EXPECT_EQ(bucket.take(10, 1e-9, 10, 0), 86'400'000);
}
