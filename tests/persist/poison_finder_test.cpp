// The poison finder finds the poison record, and leaves out no other record.
#include "persist/redis/poison_finder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

using namespace signaller::persist;

namespace {

using Records = std::vector<PoisonFinder::WrittenRecord>;

Records numbered_records(int count) {
  Records all;
  for (int i = 0; i < count; ++i) all.push_back({"p" + std::to_string(i), 100});
  return all;
}

/// Writes all records as the store does, in transactions of `max_batch`, to a Redis that closes the
/// connection at records in `fatal`. Returns the number of closed connections.
int write_all(PoisonFinder& poison_finder, const Records& all, std::size_t max_batch,
              const std::set<std::string>& fatal) {
  for (int losses = 0; losses < 1'000; ++losses) {
    bool lost = false;
    for (std::size_t i = 0; i < all.size() && !lost;) {
      Records batch;
      const bool suspected = poison_finder.is_suspect(all[i]);
      const std::size_t bound = suspected ? poison_finder.max_batch() : max_batch;
      for (;
           i < all.size() && batch.size() < bound && poison_finder.is_suspect(all[i]) == suspected;
           ++i) {
        if (!poison_finder.is_poison(all[i])) batch.push_back(all[i]);
      }
      lost = std::any_of(batch.begin(), batch.end(),
                         [&](const auto& record) { return fatal.count(record.name) > 0; });
      if (lost) poison_finder.on_connection_closed(batch);
      for (const auto& record : batch) {
        if (!lost) poison_finder.stored(record);
      }
    }
    if (!lost) return losses;
  }
  return -1;
}

}  // namespace

TEST(PoisonFinder, FindsOnePoisonRecordInSevenLosses) {
  PoisonFinder poison_finder;
  const Records all = numbered_records(5'000);
  EXPECT_EQ(write_all(poison_finder, all, 2'048, {"p3333"}), 7);
  for (const auto& record : all)
    EXPECT_EQ(poison_finder.is_poison(record), record.name == "p3333") << record.name;
  EXPECT_EQ(write_all(poison_finder, all, 2'048, {"p3333"}), 0) << "the record is known";
}

TEST(PoisonFinder, FindsSeveralPoisonRecords) {
  PoisonFinder poison_finder;
  const Records all = numbered_records(300);
  EXPECT_LE(write_all(poison_finder, all, 100, {"p0", "p7", "p8", "p299"}), 24);
  int refused = 0;
  for (const auto& record : all) refused += poison_finder.is_poison(record) ? 1 : 0;
  EXPECT_EQ(refused, 4);
}

TEST(PoisonFinder, ForgetsSuspectsThatWereStored) {
  PoisonFinder poison_finder;
  const Records all = numbered_records(1);
  poison_finder.on_connection_closed(all);
  EXPECT_TRUE(poison_finder.is_suspect(all[0]));
  EXPECT_FALSE(poison_finder.is_poison(all[0])) << "one loss is no proof";
  poison_finder.stored(all[0]);
  EXPECT_TRUE(poison_finder.has_no_findings());
}

TEST(PoisonFinder, RetriesASmallerRecord) {
  PoisonFinder poison_finder;
  for (int i = 0; i < 2; ++i) poison_finder.on_connection_closed({{"p", 100}});
  EXPECT_FALSE(poison_finder.is_poison({"p", 100}));
  poison_finder.on_connection_closed({{"p", 100}});
  EXPECT_TRUE(poison_finder.is_poison({"p", 100}));
  EXPECT_TRUE(poison_finder.is_poison({"p", 101}));
  EXPECT_FALSE(poison_finder.is_poison({"p", 99}));
}

TEST(PoisonFinder, NamesRecordsByKeyAndPart) {
  const Argv peer[] = {{"DEL", "p:peer:5f"}, {"HSET", "p:peer:5f", "nick", "ann"}};
  EXPECT_EQ(PoisonFinder::describe(peer, 2).name, "p:peer:5f");
  const Argv message[] = {{"DEL", "p:log:#x"},
                          {"XADD", "p:log:#x", "MINID", "1-0", "7-0", "d", "17 m2 5f 0 0 text"}};
  EXPECT_EQ(PoisonFinder::describe(message, 2).name, "p:log:#x 7-0 17 m2");
  EXPECT_EQ(PoisonFinder::describe(message + 1, 1).name, "p:log:#x 7-0 17 m2");
  const Argv member[] = {{"HSET", "p:channel:#x", "m:5f", "@"}};
  EXPECT_EQ(PoisonFinder::describe(member, 1).name, "p:channel:#x m:5f");
  EXPECT_EQ(PoisonFinder::describe(member, 1).bytes, 4U + 12U + 4U + 1U);
}
