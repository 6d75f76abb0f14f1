// Server bans in the world and in its change log.
#include <gtest/gtest.h>

#include "tests/irc/world_fixture.hpp"

using namespace signaller;
using namespace signaller::irc;

TEST_F(WorldTest, ExpiredServerBansAreLifted) {
  const auto range = *signaller::port::AddressRange::parse("192.0.2.0/24");
  world.ban(id_of(1), Ban{id_of(9), "", 0, now.unix_ms + 100});
  world.ban(id_of(2), Ban{id_of(9), "", 0, 0});
  world.ban(range, Ban{id_of(9), "", 0, now.unix_ms + 100});
  world.expire_server_bans(now);
  EXPECT_EQ(world.server_bans().size(), 3U);
  pass(100);
  world.changes().take();
  world.expire_server_bans(now);
  EXPECT_EQ(world.server_bans().size(), 1U);
  EXPECT_EQ(world.changes().records(world.changes().take()).size(), 2U) << "the store deletes it";
}

TEST_F(WorldTest, ServerBansAreStored) {
  const auto range = *signaller::port::AddressRange::parse("192.0.2.0/24");
  world.ban(id_of(1), Ban{id_of(9), "loud", 5, 7});
  world.ban(range, Ban{id_of(9), "", 5, 0});
  auto records = world.changes().records(world.changes().take());
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(std::get<port::BanRecord>(records[0]).whom, "192.0.2.0/24");
  const auto& ban = std::get<port::BanRecord>(records[1]);
  EXPECT_EQ(ban.whom, id_of(1).text());
  EXPECT_EQ(ban.by, id_of(9).text());
  EXPECT_EQ(ban.reason, "loud");
  EXPECT_EQ(ban.set_ms, 5);
  EXPECT_EQ(ban.until_ms, 7);
  EXPECT_TRUE(world.unban(range));
  EXPECT_TRUE(world.unban(id_of(1)));
  EXPECT_FALSE(world.unban(id_of(1)));
  records = world.changes().records(world.changes().take());
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(std::get<port::ServerBanGone>(records[0]).whom, "192.0.2.0/24");
}
