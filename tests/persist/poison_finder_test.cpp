// The record at which Redis hangs up is found, and no other is left out.
#include "persist/redis/poison_finder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

using namespace signaller::persist;

namespace {

using Ones = std::vector<PoisonFinder::One>;

Ones crowd(int count) {
  Ones all;
  for (int i = 0; i < count; ++i) all.push_back({"p" + std::to_string(i), 100});
  return all;
}

/// Writes all of them as the store does, in transactions of `most`, to a Redis that hangs up at
/// some. Says how often it hung up.
int write_all(PoisonFinder& poison_finder, const Ones& all, std::size_t most,
              const std::set<std::string>& fatal) {
  for (int losses = 0; losses < 1'000; ++losses) {
    bool lost = false;
    for (std::size_t i = 0; i < all.size() && !lost;) {
      Ones batch;
      const bool suspected = poison_finder.has(all[i]);
      const std::size_t bound = suspected ? poison_finder.most() : most;
      for (; i < all.size() && batch.size() < bound && poison_finder.has(all[i]) == suspected;
           ++i) {
        if (!poison_finder.refuses(all[i])) batch.push_back(all[i]);
      }
      lost = std::any_of(batch.begin(), batch.end(),
                         [&](const auto& one) { return fatal.count(one.name) > 0; });
      if (lost) poison_finder.hung_up(batch);
      for (const auto& one : batch) {
        if (!lost) poison_finder.stored(one);
      }
    }
    if (!lost) return losses;
  }
  return -1;
}

}  // namespace

TEST(PoisonFinder, OneIsFoundInAFewSteps) {
  PoisonFinder poison_finder;
  const Ones all = crowd(5'000);
  EXPECT_EQ(write_all(poison_finder, all, 2'048, {"p3333"}), 7);
  for (const auto& one : all)
    EXPECT_EQ(poison_finder.refuses(one), one.name == "p3333") << one.name;
  EXPECT_EQ(write_all(poison_finder, all, 2'048, {"p3333"}), 0) << "it is known";
}

TEST(PoisonFinder, SeveralAreFoundOneAfterTheOther) {
  PoisonFinder poison_finder;
  const Ones all = crowd(300);
  EXPECT_LE(write_all(poison_finder, all, 100, {"p0", "p7", "p8", "p299"}), 24);
  int refused = 0;
  for (const auto& one : all) refused += poison_finder.refuses(one) ? 1 : 0;
  EXPECT_EQ(refused, 4);
}

TEST(PoisonFinder, WhoIsWrittenOnceIsAcquitted) {
  PoisonFinder poison_finder;
  const Ones all = crowd(1);
  poison_finder.hung_up(all);
  EXPECT_TRUE(poison_finder.has(all[0]));
  EXPECT_FALSE(poison_finder.refuses(all[0])) << "Redis may have ended by itself";
  poison_finder.stored(all[0]);
  EXPECT_TRUE(poison_finder.none());
}

TEST(PoisonFinder, ASmallerOneIsTriedAgain) {
  PoisonFinder poison_finder;
  for (int i = 0; i < 2; ++i) poison_finder.hung_up({{"p", 100}});
  EXPECT_FALSE(poison_finder.refuses({"p", 100}));
  poison_finder.hung_up({{"p", 100}});
  EXPECT_TRUE(poison_finder.refuses({"p", 100}));
  EXPECT_TRUE(poison_finder.refuses({"p", 101}));
  EXPECT_FALSE(poison_finder.refuses({"p", 99}));
}

TEST(PoisonFinder, AreNamedByKeyAndPart) {
  const Argv peer[] = {{"DEL", "p:peer:5f"}, {"HSET", "p:peer:5f", "nick", "ann"}};
  EXPECT_EQ(PoisonFinder::one(peer, 2).name, "p:peer:5f");
  const Argv message[] = {{"DEL", "p:log:#x"},
                          {"XADD", "p:log:#x", "MINID", "1-0", "7-0", "d", "17 m2 5f 0 0 text"}};
  EXPECT_EQ(PoisonFinder::one(message, 2).name, "p:log:#x 7-0 17 m2");
  EXPECT_EQ(PoisonFinder::one(message + 1, 1).name, "p:log:#x 7-0 17 m2");
  const Argv member[] = {{"HSET", "p:channel:#x", "m:5f", "@"}};
  EXPECT_EQ(PoisonFinder::one(member, 1).name, "p:channel:#x m:5f");
  EXPECT_EQ(PoisonFinder::one(member, 1).bytes, 4U + 12U + 4U + 1U);
}
