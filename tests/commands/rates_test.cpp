// Rate limits over a long time: the average rate is the configured one.
#include "commands/session/rates.hpp"

#include <gtest/gtest.h>

#include "port/bucket.hpp"
#include "tests/seeded.hpp"

using namespace signaller;
using namespace signaller::commands;

namespace {

/// Takes from a bucket as often as it allows, and returns how much was taken within `for_ms`.
double taken_within(double rate, double burst, std::int64_t for_ms, tests::Seeded& random) {
  port::TokenBucket bucket;
  double taken = 0;
  std::int64_t now_ms = 0;
  while (now_ms <= for_ms) {
    const double cost = 0.25 * static_cast<double>(1 + random.next() % 40);
    const std::int64_t wait_ms = bucket.take(cost, rate, burst, now_ms);
    if (wait_ms == 0) taken += std::min(cost, burst);
    now_ms += wait_ms;
  }
  return taken;
}

}  // namespace

TEST(Rates, SustainTheConfiguredRate) {
  constexpr std::int64_t Hour = 3'600'000;
  constexpr double MostCost = 10;
  for (const double rate : {0.1, 1.0, 20.0, 200.0}) {
    for (const double burst : {20.0, 100.0, 1'000.0}) {
      tests::Seeded random(static_cast<std::uint64_t>(rate * 10 + burst));
      const double taken = taken_within(rate, burst, Hour, random);
      EXPECT_LE(taken, burst + rate * 3'600 + 1e-6) << rate << ' ' << burst;
      // Each wait is rounded up to a millisecond, so the measured rate may be a little lower.
      EXPECT_GE(taken, burst + rate * 3'600 * 0.95 - MostCost) << rate << ' ' << burst;
    }
  }
}

TEST(Rates, ARefusalTakesNoUnits) {
  port::TokenBucket bucket;
  EXPECT_EQ(bucket.take(10, 1, 10, 0), 0);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(bucket.take(5, 1, 10, 0), 5'000);
  EXPECT_EQ(bucket.take(5, 1, 10, 5'000), 0);
}

TEST(Rates, UnitsThatAreGivenBackCanBeTakenAgain) {
  port::TokenBucket bucket;
  EXPECT_EQ(bucket.take(10, 1, 10, 0), 0);
  bucket.give_back(3);
  EXPECT_EQ(bucket.take(3, 1, 10, 0), 0);
  bucket.give_back(100);
  EXPECT_TRUE(bucket.is_idle(1, 0)) << "no more than was taken";
}

TEST(ErrorRate, CountsErrorsWithinAMinute) {
  constexpr std::size_t Limit = 5;
  ErrorRate faults;
  for (int i = 0; i < 4; ++i) {
    faults.add(1'000 * i);
    EXPECT_FALSE(faults.reach(Limit));
  }
  faults.add(59'999);
  EXPECT_TRUE(faults.reach(Limit));
  ErrorRate slow;
  for (int i = 0; i < 100; ++i) {
    slow.add(20'000 * i);
    EXPECT_FALSE(slow.reach(Limit));
  }
  ErrorRate unlimited;
  for (int i = 0; i < 1'000; ++i) unlimited.add(0);
  EXPECT_FALSE(unlimited.reach(0));
}
