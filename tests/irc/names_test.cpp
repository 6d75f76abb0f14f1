#include "irc/text/names.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace signaller::irc;
using namespace std::string_literals;

namespace {

struct Counting final : signaller::port::Random {
  std::uint64_t next() override { return ++last; }
  std::uint64_t last = 0;
};

}  // namespace

TEST(ObjectId, IsTwentyFourHexDigitsInLowerCase) {
  const auto id = ObjectId::parse("5F0C3E0000000000000000aA");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->text(), "5f0c3e0000000000000000aa");
  EXPECT_EQ(ObjectId::parse(id->text()), id);
  for (const auto* bad : {"", "5f0c", "5f0c3e0000000000000000a", "5f0c3e0000000000000000aaa",
                          "5f0c3e0000000000000000ag", "5f0c3e0000000000000000 a"}) {
    EXPECT_FALSE(ObjectId::parse(bad)) << bad;
  }
}

TEST(ObjectId, SortsAsItsTextDoes) {
  const auto low = *ObjectId::parse("5e1000000000000000000005");
  const auto high = *ObjectId::parse("f00000000000000000000000");
  EXPECT_LT(low, high);
  EXPECT_FALSE(high < low);
  EXPECT_NE(low, high);
  EXPECT_NE(low.hash(), high.hash());
}

TEST(ObjectId, NewIdsBeginWithTheTime) {
  Counting random;
  const auto first = ObjectId::make(random, {0x5f0c3e01LL * 1000 + 999, 0});
  const auto second = ObjectId::make(random, {0x5f0c3e01LL * 1000, 0});
  EXPECT_EQ(first.text().substr(0, 8), "5f0c3e01");
  EXPECT_NE(first, second);
}

TEST(IdPrefix, CoversAllIdsWithThePrefix) {
  const auto prefix = IdPrefix::parse("5F0c3");
  ASSERT_TRUE(prefix);
  EXPECT_EQ(prefix->first().text(), "5f0c30000000000000000000");
  EXPECT_EQ(prefix->last().text(), "5f0c3fffffffffffffffffff");
  EXPECT_FALSE(IdPrefix::parse(""));
  EXPECT_FALSE(IdPrefix::parse("5g"));
  EXPECT_FALSE(IdPrefix::parse(std::string(25, '0')));
}

TEST(Nick, IsAShortWordButNotAnId) {
  for (const auto* good : {"a", "Ann-1_x.", "5f0c3e", "5f0c3e0000000000000000a"}) {
    EXPECT_TRUE(Nick::parse(good, 32)) << good;
  }
  EXPECT_TRUE(Nick::parse(std::string(32, 'a'), 32));
  EXPECT_FALSE(Nick::parse(std::string(33, 'a'), 32));
  for (const auto& bad : {""s, "a b"s, "a!b"s, "a*"s, "é"s, "#a"s, ":a"s, "a\0"s,
                          "5f0c3e0000000000000000aa"s, "5F0C3E0000000000000000AA"s}) {
    EXPECT_FALSE(Nick::parse(bad, 32)) << bad;
  }
}

TEST(ChannelName, BeginsWithHashAndExcludesSpecials) {
  for (const auto* good : {"#a", "#5F0C3E0000000000000000AA", "#直播间", "##", "#:a", "#a#b"}) {
    EXPECT_TRUE(ChannelName::parse(good, 64)) << good;
  }
  EXPECT_TRUE(ChannelName::parse("#" + std::string(64, 'a'), 64));
  EXPECT_FALSE(ChannelName::parse("#" + std::string(65, 'a'), 64));
  for (const auto& bad : {""s, "#"s, "a"s, "#a b"s, "#a,b"s, "#a*"s, "#a?"s, "#a!"s, "#\t"s,
                          "#\x02"s, "#\xc2\x85"s, "#\0"s}) {
    EXPECT_FALSE(ChannelName::parse(bad, 64)) << bad;
  }
}

TEST(PeerRef, IsAnIdAPrefixOrANick) {
  EXPECT_TRUE(std::holds_alternative<PeerId>(*parse_peer_ref("5f0c3e0000000000000000aa")));
  EXPECT_TRUE(std::holds_alternative<IdPrefix>(*parse_peer_ref("5f0c3e*")));
  EXPECT_TRUE(std::holds_alternative<Nick>(*parse_peer_ref("5f0c3e")));
  for (const auto* bad : {"", "*", "ann*", "a b", "5f*0"}) {
    EXPECT_FALSE(parse_peer_ref(bad)) << bad;
  }
}
