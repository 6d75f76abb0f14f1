// The table of slow mode: when each peer last spoke.
#include "irc/last_spoken.hpp"

#include <gtest/gtest.h>

#include "world_fixture.hpp"

namespace signaller::irc {
namespace {

constexpr std::uint32_t SlowS = 10;

TEST(LastSpoken, DropsOnlyPeersThatMaySpeakAgain) {
  LastSpoken table;
  EXPECT_EQ(table.find(id_of(1)), 0);
  table.note(id_of(1), 1'000, SlowS);
  EXPECT_EQ(table.find(id_of(1)), 1'000);
  for (std::uint32_t n = 2; n < 600; ++n) table.note(id_of(n), 6'000, SlowS);
  EXPECT_EQ(table.find(id_of(1)), 1'000) << "its 10 s have not passed";
  for (std::uint32_t n = 600; n < 1'200; ++n) table.note(id_of(n), 11'000, SlowS);
  EXPECT_EQ(table.find(id_of(1)), 0) << "its 10 s have passed";
  EXPECT_EQ(table.find(id_of(2)), 6'000);
}

TEST(LastSpoken, ClearDropsAllEntries) {
  LastSpoken table;
  table.note(id_of(2), 1'000, SlowS);
  table.clear();
  EXPECT_EQ(table.find(id_of(2)), 0);
}

}  // namespace
}  // namespace signaller::irc
