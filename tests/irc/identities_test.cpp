#include "irc/identities.hpp"

#include <gtest/gtest.h>

#include "tests/irc/world_fixture.hpp"

using namespace signaller::irc;

namespace {

Identity seen(std::int64_t seen_ms, std::uint64_t owner_generation = 1) {
  Identity identity;
  identity.claim.owned = true;
  identity.claim.owner_generation = owner_generation;
  identity.seen_ms = seen_ms;
  return identity;
}

}  // namespace

TEST(Identities, FindsById) {
  Identities identities;
  EXPECT_EQ(identities.find(id_of(1)), nullptr);
  identities.keep(id_of(1), seen(100, 7));
  ASSERT_NE(identities.find(id_of(1)), nullptr);
  EXPECT_EQ(identities.find(id_of(1))->claim.owner_generation, 7U);
  EXPECT_EQ(identities.find(id_of(2)), nullptr);
  identities.erase(id_of(1));
  EXPECT_EQ(identities.find(id_of(1)), nullptr);
  EXPECT_TRUE(identities.by_age().empty());
  identities.erase(id_of(1));
  EXPECT_EQ(identities.size(), 0U);
}

TEST(Identities, OrdersByAge) {
  Identities identities;
  identities.keep(id_of(1), seen(300));
  identities.keep(id_of(2), seen(100));
  identities.keep(id_of(3), seen(100));
  EXPECT_EQ(identities.by_age().begin()->second, id_of(2));
  identities.keep(id_of(2), seen(400, 9));
  EXPECT_EQ(identities.size(), 3U);
  EXPECT_EQ(identities.by_age().size(), 3U) << "one entry for each identity";
  EXPECT_EQ(identities.by_age().begin()->second, id_of(3));
  EXPECT_EQ(identities.by_age().rbegin()->second, id_of(2));
  EXPECT_EQ(identities.find(id_of(2))->claim.owner_generation, 9U);
}

TEST(Identities, DropsBlocksOfTheLongestUnseen) {
  Identities identities;
  const auto blocking = [](std::int64_t seen_ms, unsigned blocks) {
    Identity identity = seen(seen_ms);
    for (unsigned n = 1; n <= blocks; ++n) identity.state.blocks.emplace(id_of(n), 0);
    return identity;
  };
  identities.keep(id_of(1), seen(50));
  identities.keep(id_of(2), blocking(200, 4));
  identities.keep(id_of(3), blocking(100, 3));
  EXPECT_EQ(identities.drop_blocks(7), std::nullopt);
  EXPECT_EQ(identities.drop_blocks(6), id_of(3)) << "an identity without blocks is skipped";
  EXPECT_EQ(identities.drop_blocks(6), std::nullopt);
  EXPECT_TRUE(identities.find(id_of(3))->state.blocks.empty());
  EXPECT_EQ(identities.find(id_of(2))->state.blocks.size(), 4U);
  identities.erase(id_of(2));
  identities.keep(id_of(3), blocking(300, 5));
  EXPECT_EQ(identities.drop_blocks(5), std::nullopt) << "blocks of an erased identity do not count";
  EXPECT_EQ(identities.drop_blocks(4), id_of(3));
}
