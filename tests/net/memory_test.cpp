// When freed memory goes back to the system, and that it does.
#include "net/memory.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace signaller::net {
namespace {

constexpr std::size_t MiB = std::size_t{1} << 20U;

TEST(Trimming, FollowsACrowdThatHasGone) {
  Trimming trimming;
  trimming.done(100 * MiB);
  EXPECT_FALSE(trimming.due(200 * MiB, 50 * MiB)) << "it grows";
  EXPECT_TRUE(trimming.due(200 * MiB, 90 * MiB));
  trimming.done(110 * MiB);
  EXPECT_FALSE(trimming.due(110 * MiB, 90 * MiB)) << "just done";
  EXPECT_FALSE(trimming.due(119 * MiB, 90 * MiB));
  EXPECT_FALSE(trimming.due(119 * MiB, 90 * MiB)) << "less than a tenth";
}

TEST(Trimming, LeavesWhatIsUsed) {
  Trimming trimming;
  trimming.done(100 * MiB);
  EXPECT_FALSE(trimming.due(300 * MiB, 0));
  EXPECT_FALSE(trimming.due(300 * MiB, 10 * MiB)) << "those who came are still there";
}

TEST(Trimming, TheLeastCounts) {
  Trimming trimming;
  trimming.done(300 * MiB);
  EXPECT_FALSE(trimming.due(100 * MiB, 20 * MiB)) << "it went back by itself";
  EXPECT_FALSE(trimming.due(150 * MiB, 50 * MiB)) << "it grows again";
  EXPECT_TRUE(trimming.due(149 * MiB, 50 * MiB));
}

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(Trimming, GivesBackWhatIsBetweenThings) {
  constexpr std::size_t Size = 4'000;
  constexpr std::size_t Count = 64 * MiB / Size;
  std::vector<std::unique_ptr<std::vector<char>>> things;
  for (std::size_t i = 0; i < Count; ++i) {
    things.push_back(std::make_unique<std::vector<char>>(Size, 'x'));
  }
  for (std::size_t i = 0; i < Count; ++i) {
    if (i % 50 != 0) things[i].reset();  // the others keep the heap from shrinking
  }
  const std::size_t before = resident_bytes();
  EXPECT_GT(free_bytes(), 32 * MiB);
  trim_heap();
  EXPECT_LT(resident_bytes() + 16 * MiB, before);
}
#endif

}  // namespace
}  // namespace signaller::net
