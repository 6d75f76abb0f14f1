#include "irc/server_bans.hpp"

#include <gtest/gtest.h>

#include "tests/irc/world_fixture.hpp"

using namespace signaller::irc;

namespace {

Ban because(std::string reason, std::int64_t until_ms = 0) {
  return {id_of(0xff), std::move(reason), 0, until_ms};
}
signaller::port::AddressRange range(std::string_view text) {
  return *signaller::port::AddressRange::parse(text);
}
/// The reason of the ban of an address; `-`: the address is not banned.
std::string why(const ServerBans& bans, std::string_view address, std::int64_t now_ms = 1'000) {
  const Ban* ban = bans.find_address(address, now_ms);
  return ban == nullptr ? "-" : ban->reason;
}

}  // namespace

TEST(ServerBans, IdBansExpire) {
  ServerBans bans;
  bans.add(id_of(1), because("ever"));
  bans.add(id_of(2), because("while", 500));
  EXPECT_EQ(bans.find(id_of(1), 1'000'000)->reason, "ever");
  EXPECT_NE(bans.find(id_of(2), 499), nullptr);
  EXPECT_EQ(bans.find(id_of(2), 500), nullptr);
  EXPECT_EQ(bans.find(id_of(3), 0), nullptr);
  bans.add(id_of(2), because("again", 2'000));
  EXPECT_EQ(bans.find(id_of(2), 1'000)->reason, "again") << "a new ban replaces the old one";
  EXPECT_EQ(bans.size(), 2U);
}

TEST(ServerBans, RangeBansCoverTheirAddresses) {
  ServerBans bans;
  EXPECT_EQ(why(bans, "192.0.2.1"), "-");
  bans.add(range("192.0.2.0/24"), because("net"));
  bans.add(range("2001:db8::/32"), because("six", 2'000));
  EXPECT_EQ(why(bans, "192.0.2.1"), "net");
  EXPECT_EQ(why(bans, "::ffff:192.0.2.1"), "net") << "in any notation of the address";
  EXPECT_EQ(why(bans, "192.0.3.1"), "-");
  EXPECT_EQ(why(bans, "2001:db8::5", 1'999), "six");
  EXPECT_EQ(why(bans, "2001:db8::5", 2'000), "-");
  EXPECT_EQ(why(bans, "unix"), "-");
}

TEST(ServerBans, ExpiredBanDoesNotHideAnother) {
  ServerBans bans;
  bans.add(range("192.0.2.0/24"), because("over", 500));
  bans.add(range("192.0.2.1"), because("one"));
  bans.add(range("192.0.0.0/16"), because("over too", 500));
  EXPECT_EQ(why(bans, "192.0.2.1"), "one");
}

TEST(ServerBans, LiftsBans) {
  ServerBans bans;
  bans.add(id_of(1), because(""));
  bans.add(range("192.0.2.9/24"), because(""));
  EXPECT_FALSE(bans.lift(id_of(2)));
  EXPECT_FALSE(bans.lift(range("192.0.2.0/25")));
  EXPECT_TRUE(bans.lift(range("::ffff:192.0.2.0/120"))) << "the same range";
  EXPECT_TRUE(bans.lift(id_of(1)));
  EXPECT_FALSE(bans.lift(id_of(1)));
  EXPECT_EQ(bans.size(), 0U);
}
