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
  EXPECT_FALSE(trimming.due(200 * MiB, 90 * MiB, 1'000)) << "all are there";
  EXPECT_FALSE(trimming.due(200 * MiB, 90 * MiB, 501));
  EXPECT_FALSE(trimming.due(200 * MiB, 6 * MiB, 500)) << "no more than a thirtieth";
  EXPECT_TRUE(trimming.due(200 * MiB, 90 * MiB, 500));
}

TEST(Trimming, FollowsWhatGoesLaterThanItsConnections) {
  Trimming trimming;
  EXPECT_FALSE(trimming.due(200 * MiB, 0, 1'000));
  EXPECT_TRUE(trimming.due(200 * MiB, 90 * MiB, 10));
  trimming.done(90 * MiB);
  EXPECT_FALSE(trimming.due(110 * MiB, 92 * MiB, 10)) << "nothing more was freed";
  EXPECT_TRUE(trimming.due(110 * MiB, 100 * MiB, 10)) << "who was suspended is forgotten";
  trimming.done(100 * MiB);
  EXPECT_FALSE(trimming.due(100 * MiB, 109 * MiB, 300)) << "a crowd of now";
}

TEST(Trimming, OfACrowdThatStaysIsRare) {
  Trimming trimming;
  for (int look = 1; look < 12; ++look) {
    EXPECT_FALSE(trimming.due(200 * MiB, 90 * MiB, 1'000)) << look;
  }
  EXPECT_FALSE(trimming.due(200 * MiB, 20 * MiB, 1'000)) << "no more than a tenth";
  EXPECT_TRUE(trimming.due(200 * MiB, 90 * MiB, 1'000)) << "after a minute";
  trimming.done(90 * MiB);
  EXPECT_FALSE(trimming.due(200 * MiB, 190 * MiB, 1'000)) << "and again after a minute";
}

TEST(Trimming, WhatWasGivenBackIsNotGivenTwice) {
  Trimming trimming;
  trimming.done(90 * MiB);  // the heap still calls it free
  EXPECT_FALSE(trimming.due(110 * MiB, 90 * MiB, 0));
  EXPECT_FALSE(trimming.due(200 * MiB, 0, 1'000)) << "it is used again";
  EXPECT_TRUE(trimming.due(200 * MiB, 90 * MiB, 10)) << "and free again";
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
