#include "commands/session/registration_deadlines.hpp"

#include <gtest/gtest.h>

using namespace signaller;
using namespace signaller::commands;

namespace {

port::ConnectionId connection(std::uint32_t n) {
  return {0, 0, n, 1};
}

}  // namespace

TEST(RegistrationDeadlines, IsShorterTheMoreWaitButNeverTooShort) {
  Options options;
  options.describe_crowd = 10;
  RegistrationDeadlines waiting;
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

TEST(RegistrationDeadlines, KnowsWhoIsOverdue) {
  RegistrationDeadlines waiting;
  EXPECT_EQ(waiting.deadline_ms(), std::nullopt);
  const auto first = waiting.add(connection(1), 500);
  waiting.add(connection(2), 400);
  EXPECT_EQ(waiting.deadline_ms(), 400);
  EXPECT_EQ(waiting.overdue(399), std::nullopt);
  EXPECT_EQ(waiting.overdue(400), connection(2));
  waiting.remove(first);
  EXPECT_EQ(waiting.overdue(1'000), connection(2));
}

TEST(RegistrationDeadlines, KeepsTheDeadlineThatWasTold) {
  RegistrationDeadlines waiting;
  const auto first = waiting.add(connection(1), 500);
  const auto second = waiting.add(connection(2), 500);
  waiting.remove(second);
  EXPECT_EQ(waiting.overdue(500), connection(1));
  waiting.remove(first);
  EXPECT_EQ(waiting.overdue(1'000), std::nullopt);
  EXPECT_EQ(waiting.deadline_ms(), std::nullopt);
}
