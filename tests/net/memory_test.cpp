// Tests the decision when the heap's free memory is returned to the system.
#include "net/system/memory.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace signaller::net {
namespace {

constexpr std::size_t MiB = std::size_t{1} << 20U;

constexpr int HalfAMinute = 6;  // number of calls of due(), one every five seconds

/// Calls due() as often as the server does in half a minute. Returns the number of the first call
/// that asks for trimming, counted from 1; 0: no call did.
int due_within(Trimming& trimming, std::size_t resident, std::size_t free,
               std::size_t connections) {
  for (int look = 1; look <= HalfAMinute; ++look) {
    if (trimming.due(resident, free, connections)) return look;
  }
  return 0;
}

TEST(Trimming, IsDueAfterMostConnectionsHaveGone) {
  Trimming trimming;
  EXPECT_EQ(due_within(trimming, 200 * MiB, 90 * MiB, 1'000), 0) << "all are there";
  Trimming half;
  EXPECT_FALSE(half.due(200 * MiB, 90 * MiB, 1'000));
  EXPECT_EQ(due_within(half, 200 * MiB, 6 * MiB, 500), 0) << "no more than a thirtieth";
  EXPECT_TRUE(half.due(200 * MiB, 90 * MiB, 500));
}

TEST(Trimming, WaitsHalfAMinuteAfterConnectionsHaveGone) {
  Trimming trimming;
  EXPECT_FALSE(trimming.due(200 * MiB, 90 * MiB, 1'000));
  EXPECT_FALSE(trimming.due(200 * MiB, 90 * MiB, 400));
  EXPECT_FALSE(trimming.due(200 * MiB, 90 * MiB, 900)) << "it came back";
  EXPECT_EQ(due_within(trimming, 200 * MiB, 90 * MiB, 400), HalfAMinute);
}

TEST(Trimming, IsDueAgainForMemoryThatIsFreedLater) {
  Trimming trimming;
  EXPECT_FALSE(trimming.due(200 * MiB, 0, 1'000));
  EXPECT_EQ(due_within(trimming, 200 * MiB, 90 * MiB, 10), HalfAMinute);
  trimming.done(90 * MiB);
  EXPECT_EQ(due_within(trimming, 110 * MiB, 92 * MiB, 10), 0) << "nothing more was freed";
  EXPECT_TRUE(trimming.due(110 * MiB, 100 * MiB, 10)) << "who was suspended is forgotten";
  trimming.done(100 * MiB);
  EXPECT_EQ(due_within(trimming, 109 * MiB, 109 * MiB, 300), 0) << "a crowd of now";
}

TEST(Trimming, IsRareWhileConnectionsStay) {
  Trimming trimming;
  for (int look = 1; look < 12; ++look) {
    EXPECT_FALSE(trimming.due(200 * MiB, 90 * MiB, 1'000)) << look;
  }
  EXPECT_FALSE(trimming.due(200 * MiB, 20 * MiB, 1'000)) << "no more than a tenth";
  EXPECT_TRUE(trimming.due(200 * MiB, 90 * MiB, 1'000)) << "after a minute";
  trimming.done(90 * MiB);
  EXPECT_FALSE(trimming.due(200 * MiB, 190 * MiB, 1'000)) << "and again after a minute";
}

TEST(Trimming, IgnoresMemoryThatWasReturnedAlready) {
  Trimming trimming;
  trimming.done(90 * MiB);  // free_bytes() counts returned pages, too
  EXPECT_EQ(due_within(trimming, 110 * MiB, 90 * MiB, 0), 0);
  EXPECT_FALSE(trimming.due(200 * MiB, 0, 1'000)) << "it is used again";
  EXPECT_EQ(due_within(trimming, 200 * MiB, 90 * MiB, 10), HalfAMinute - 1) << "and free again";
}

#if defined(__GLIBC__) && !defined(SIGNALLER_SANITIZED)
TEST(Trimming, ReturnsMemoryBetweenLiveObjects) {
  constexpr std::size_t Size = 4'000;
  constexpr std::size_t Count = 64 * MiB / Size;
  std::vector<std::unique_ptr<std::vector<char>>> things;
  for (std::size_t i = 0; i < Count; ++i) {
    things.push_back(std::make_unique<std::vector<char>>(Size, 'x'));
  }
  for (std::size_t i = 0; i < Count; ++i) {
    // The objects that remain keep the heap from shrinking by itself.
    if (i % 50 != 0) things[i].reset();
  }
  const std::size_t before = resident_bytes();
  EXPECT_GT(free_bytes(), 32 * MiB);
  trim_heap();
  EXPECT_LT(resident_bytes() + 16 * MiB, before);
}
#endif

}  // namespace
}  // namespace signaller::net
