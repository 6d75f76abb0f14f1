#include "net/admission/networks.hpp"

#include <gtest/gtest.h>

#include "tests/seeded.hpp"

namespace signaller::net {
namespace {

port::AddressRange range_of(const std::string& text) {
  return *port::AddressRange::parse(text);
}

TEST(Networks, HoldIpv4AndIpv6) {
  Networks networks;
  ASSERT_FALSE(networks.assign({"192.0.2.0/24", "2001:db8::/32", "198.51.100.7"}));
  for (const char* inside : {"192.0.2.0", "192.0.2.255", "::ffff:192.0.2.9",
                             "2001:db8:ffff::", "198.51.100.7", "192.0.2.128/25"}) {
    EXPECT_TRUE(networks.contains(range_of(inside))) << inside;
  }
  for (const char* outside : {"192.0.3.0", "198.51.100.6", "2001:db9::", "192.0.0.0/16", "::"}) {
    EXPECT_FALSE(networks.contains(range_of(outside))) << outside;
  }
}

TEST(Networks, ReportTheFirstInvalidEntry) {
  Networks networks;
  EXPECT_EQ(networks.assign({"192.0.2.0/24", "192.0.2.0/33"}), "192.0.2.0/33");
  EXPECT_EQ(networks.assign({"localhost"}), "localhost");
  EXPECT_EQ(networks.assign({""}), "");
  EXPECT_FALSE(networks.assign({}));
  EXPECT_TRUE(networks.empty());
  EXPECT_FALSE(networks.contains(range_of("192.0.2.1")));
}

TEST(Networks, FindTheNarrowestMatchingRange) {
  NetworkMap<int> map;
  map.put(range_of("10.0.0.0/8"), 8);
  map.put(range_of("10.1.0.0/16"), 16);
  map.put(range_of("10.1.2.3"), 32);
  map.put(range_of("::/0"), 0);
  const auto find = [&map](const char* text, int most) {
    const int* found = map.find(range_of(text), [most](int value) { return value <= most; });
    return found == nullptr ? -1 : *found;
  };
  EXPECT_EQ(find("10.1.2.3", 32), 32);
  EXPECT_EQ(find("10.1.2.3", 31), 16);
  EXPECT_EQ(find("10.1.2.4", 32), 16);
  EXPECT_EQ(find("10.2.0.0", 32), 8);
  EXPECT_EQ(find("11.0.0.0", 32), 0);
  EXPECT_EQ(find("2001:db8::", 32), 0);
  EXPECT_EQ(find("2001:db8::", -1), -1);
}

/// A lookup must give the same answer as a comparison with each range.
TEST(Networks, AgreeWithALinearSearch) {
  tests::Seeded random(7);
  std::vector<std::string> texts;
  for (int i = 0; i < 300; ++i) {
    texts.push_back("10." + std::to_string(random.next() % 4) + "." +
                    std::to_string(random.next() % 256) + ".0/" +
                    std::to_string(20 + random.next() % 13));
  }
  Networks networks;
  ASSERT_FALSE(networks.assign(texts));
  int inside = 0;
  for (int i = 0; i < 3'000; ++i) {
    const auto one =
        range_of("10." + std::to_string(random.next() % 6) + "." +
                 std::to_string(random.next() % 256) + "." + std::to_string(random.next() % 256));
    bool expected = false;
    for (const std::string& text : texts) expected = expected || range_of(text).contains(one);
    ASSERT_EQ(networks.contains(one), expected) << one.text();
    inside += expected ? 1 : 0;
  }
  EXPECT_GT(inside, 100);
  EXPECT_LT(inside, 2'900);
}

}  // namespace
}  // namespace signaller::net
