// The record at which Redis hangs up is found, and no other is left out.
#include "persist/suspects.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

using namespace signaller::persist;

namespace {

using Ones = std::vector<Suspects::One>;

Ones crowd(int count) {
  Ones all;
  for (int i = 0; i < count; ++i) all.push_back({"p" + std::to_string(i), 100});
  return all;
}

/// Writes all of them as the store does, in transactions of `most`, to a Redis that hangs up at
/// some. Says how often it hung up.
int write_all(Suspects& suspects, const Ones& all, std::size_t most,
              const std::set<std::string>& fatal) {
  for (int losses = 0; losses < 1'000; ++losses) {
    bool lost = false;
    for (std::size_t i = 0; i < all.size() && !lost;) {
      Ones batch;
      const bool suspected = suspects.has(all[i]);
      const std::size_t bound = suspected ? suspects.most() : most;
      for (; i < all.size() && batch.size() < bound && suspects.has(all[i]) == suspected; ++i) {
        if (!suspects.refuses(all[i])) batch.push_back(all[i]);
      }
      lost = std::any_of(batch.begin(), batch.end(),
                         [&](const auto& one) { return fatal.count(one.name) > 0; });
      if (lost) suspects.hung_up(batch);
      for (const auto& one : batch) {
        if (!lost) suspects.stored(one);
      }
    }
    if (!lost) return losses;
  }
  return -1;
}

}  // namespace

TEST(Suspects, OneIsFoundInAFewSteps) {
  Suspects suspects;
  const Ones all = crowd(5'000);
  EXPECT_EQ(write_all(suspects, all, 2'048, {"p3333"}), 7);
  for (const auto& one : all) EXPECT_EQ(suspects.refuses(one), one.name == "p3333") << one.name;
  EXPECT_EQ(write_all(suspects, all, 2'048, {"p3333"}), 0) << "it is known";
}

TEST(Suspects, SeveralAreFoundOneAfterTheOther) {
  Suspects suspects;
  const Ones all = crowd(300);
  EXPECT_LE(write_all(suspects, all, 100, {"p0", "p7", "p8", "p299"}), 24);
  int refused = 0;
  for (const auto& one : all) refused += suspects.refuses(one) ? 1 : 0;
  EXPECT_EQ(refused, 4);
}

TEST(Suspects, WhoIsWrittenOnceIsAcquitted) {
  Suspects suspects;
  const Ones all = crowd(1);
  suspects.hung_up(all);
  EXPECT_TRUE(suspects.has(all[0]));
  EXPECT_FALSE(suspects.refuses(all[0])) << "Redis may have ended by itself";
  suspects.stored(all[0]);
  EXPECT_TRUE(suspects.none());
}

TEST(Suspects, ASmallerOneIsTriedAgain) {
  Suspects suspects;
  for (int i = 0; i < 2; ++i) suspects.hung_up({{"p", 100}});
  EXPECT_FALSE(suspects.refuses({"p", 100}));
  suspects.hung_up({{"p", 100}});
  EXPECT_TRUE(suspects.refuses({"p", 100}));
  EXPECT_TRUE(suspects.refuses({"p", 101}));
  EXPECT_FALSE(suspects.refuses({"p", 99}));
}

TEST(Suspects, AreNamedByKeyAndPart) {
  const Argv peer[] = {{"DEL", "p:peer:5f"}, {"HSET", "p:peer:5f", "nick", "ann"}};
  EXPECT_EQ(Suspects::one(peer, 2).name, "p:peer:5f");
  const Argv message[] = {{"DEL", "p:log:#x"},
                          {"XADD", "p:log:#x", "MINID", "1-0", "7-0", "d", "17 m2 5f 0 0 text"}};
  EXPECT_EQ(Suspects::one(message, 2).name, "p:log:#x 7-0 17 m2");
  EXPECT_EQ(Suspects::one(message + 1, 1).name, "p:log:#x 7-0 17 m2");
  const Argv member[] = {{"HSET", "p:channel:#x", "m:5f", "@"}};
  EXPECT_EQ(Suspects::one(member, 1).name, "p:channel:#x m:5f");
  EXPECT_EQ(Suspects::one(member, 1).bytes, 4U + 12U + 4U + 1U);
}
