#include "commands/session/suspended_peers.hpp"

#include <gtest/gtest.h>

#include "tests/irc/world_fixture.hpp"

using namespace signaller;
using commands::SuspendedPeers;
using irc::id_of;

TEST(SuspendedPeers, ReturnsOverduePeers) {
  SuspendedPeers suspended;
  EXPECT_EQ(suspended.deadline_ms(), std::nullopt);
  EXPECT_EQ(suspended.overdue(1'000'000), std::nullopt);
  suspended.add(id_of(1), 500);
  suspended.add(id_of(2), 400);
  suspended.add(id_of(3), 600);
  EXPECT_EQ(suspended.deadline_ms(), 400);
  EXPECT_EQ(suspended.overdue(399), std::nullopt);
  EXPECT_EQ(suspended.overdue(400), id_of(2));
  suspended.remove(id_of(2));
  EXPECT_EQ(suspended.overdue(499), std::nullopt);
  EXPECT_EQ(suspended.overdue(500), id_of(1));
  suspended.remove(id_of(9));
  EXPECT_EQ(suspended.size(), 2U);
}

TEST(SuspendedPeers, TheOldestWasSuspendedFirst) {
  SuspendedPeers suspended;
  suspended.add(id_of(3), 100);
  suspended.add(id_of(1), 300);
  suspended.add(id_of(2), 200);
  EXPECT_EQ(suspended.oldest(), id_of(3));
  suspended.remove(id_of(3));
  EXPECT_EQ(suspended.oldest(), id_of(1)) << "not whose deadline is next";
  suspended.add(id_of(1), 900);
  EXPECT_EQ(suspended.oldest(), id_of(2)) << "who is lost anew comes last";
  EXPECT_EQ(suspended.deadline_ms(), 200);
  suspended.remove(id_of(2));
  EXPECT_EQ(suspended.deadline_ms(), 900) << "nobody has two places";
  EXPECT_EQ(suspended.size(), 1U);
}
