#include "irc/history/label_cache.hpp"

#include <gtest/gtest.h>

using namespace signaller::irc;

namespace {

constexpr std::int64_t Window = 600;

/// The number of the first message with the label; 0: the label is new.
std::uint64_t seq_of(const LabelCache& label_cache, std::string_view label, std::int64_t now_ms) {
  const auto* found = label_cache.find(label, now_ms, Window);
  return found == nullptr ? 0 : found->seq;
}

}  // namespace

TEST(LabelCache, RepeatsTheFirstAnswer) {
  LabelCache label_cache;
  EXPECT_EQ(label_cache.find("a", 0, Window), nullptr);
  label_cache.remember("a", {"#x", "0-b-1", 7}, 0, 10);
  label_cache.remember("b", {"#y", "0-b-2", 8}, 0, 10);
  const auto* found = label_cache.find("a", 1, Window);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->target, "#x");
  EXPECT_EQ(found->msgid, "0-b-1");
  EXPECT_EQ(found->seq, 7U);
  EXPECT_EQ(seq_of(label_cache, "A", 1), 0U) << "labels are compared as they are";
}

TEST(LabelCache, ExpiresLabels) {
  LabelCache label_cache;
  label_cache.remember("a", {"#x", "", 7}, 100, 10);
  EXPECT_EQ(seq_of(label_cache, "a", 100 + Window - 1), 7U);
  EXPECT_EQ(seq_of(label_cache, "a", 100 + Window), 0U);
  label_cache.remember("a", {"#x", "", 9}, 1'000, 10);
  EXPECT_EQ(seq_of(label_cache, "a", 1'001), 9U) << "an expired label can be used again";
}

TEST(LabelCache, KeepsTheLastLabels) {
  LabelCache label_cache;
  for (std::uint64_t n = 1; n <= 25; ++n) {
    label_cache.remember("l" + std::to_string(n), {"#x", "", n}, 0, 10);
  }
  for (std::uint64_t n = 1; n <= 25; ++n) {
    EXPECT_EQ(seq_of(label_cache, "l" + std::to_string(n), 1), n > 15 ? n : 0) << n;
  }
}

TEST(LabelCache, AcceptsANewLimit) {
  LabelCache label_cache;
  label_cache.remember("a", {"#x", "", 1}, 0, 0);
  EXPECT_EQ(seq_of(label_cache, "a", 0), 0U) << "the limit is 0";
  for (std::uint64_t n = 1; n <= 4; ++n) label_cache.remember(std::to_string(n), {"", "", n}, 0, 4);
  label_cache.remember("5", {"", "", 5}, 0, 2);
  EXPECT_EQ(seq_of(label_cache, "5", 0), 5U) << "a smaller limit drops old labels";
}
