#include "commands/session/registration_deadlines.hpp"

#include <gtest/gtest.h>

using namespace signaller;
using namespace signaller::commands;

namespace {

port::ConnectionId connection(std::uint32_t n) {
  return {0, 0, n, 1};
}

}  // namespace

TEST(RegistrationDeadlines, ShrinksWithTheNumberOfWaitingConnections) {
  Options options;
  options.describe_crowd = 10;
  RegistrationDeadlines deadlines;
  for (std::uint32_t n = 0; n < 10; ++n) {
    EXPECT_EQ(deadlines.allowed_ms(options), 30'000);
    deadlines.add(connection(n), 30'000);
  }
  EXPECT_EQ(deadlines.allowed_ms(options), 27'272);
  for (std::uint32_t n = 10; n < 1000; ++n) deadlines.add(connection(n), 30'000);
  EXPECT_EQ(deadlines.allowed_ms(options), 5'000);
  options.describe_timeout_ms = 1'000;
  EXPECT_EQ(deadlines.allowed_ms(options), 1'000);
}

TEST(RegistrationDeadlines, ReturnsOverdueConnections) {
  RegistrationDeadlines deadlines;
  EXPECT_EQ(deadlines.deadline_ms(), std::nullopt);
  const auto first = deadlines.add(connection(1), 500);
  deadlines.add(connection(2), 400);
  EXPECT_EQ(deadlines.deadline_ms(), 400);
  EXPECT_EQ(deadlines.overdue(399), std::nullopt);
  EXPECT_EQ(deadlines.overdue(400), connection(2));
  deadlines.remove(first);
  EXPECT_EQ(deadlines.overdue(1'000), connection(2));
}

TEST(RegistrationDeadlines, KeepsTheAnnouncedDeadline) {
  RegistrationDeadlines deadlines;
  const auto first = deadlines.add(connection(1), 500);
  const auto second = deadlines.add(connection(2), 500);
  deadlines.remove(second);
  EXPECT_EQ(deadlines.overdue(500), connection(1));
  deadlines.remove(first);
  EXPECT_EQ(deadlines.overdue(1'000), std::nullopt);
  EXPECT_EQ(deadlines.deadline_ms(), std::nullopt);
}
