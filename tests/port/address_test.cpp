#include "port/address.hpp"

#include <gtest/gtest.h>

using namespace signaller::port;

namespace {

/// Parses a range and returns its text; `-`: the text is not a range.
std::string read(std::string_view text) {
  const auto range = AddressRange::parse(text);
  return range ? range->text() : "-";
}

bool contains(std::string_view range, std::string_view other) {
  return AddressRange::parse(range)->contains(*AddressRange::parse(other));
}

}  // namespace

TEST(Address, ASingleAddressIsARange) {
  EXPECT_EQ(read("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(read("192.0.2.1/32"), "192.0.2.1");
  EXPECT_EQ(read("2001:DB8:0::1"), "2001:db8::1");
  EXPECT_EQ(read("2001:db8::1/128"), "2001:db8::1");
  EXPECT_EQ(read("0.0.0.0"), "0.0.0.0");
  EXPECT_EQ(read("::"), "0::") << "no parameter of a line begins with a colon";
}

TEST(Address, BitsBelowThePrefixAreCleared) {
  EXPECT_EQ(read("192.0.2.255/24"), "192.0.2.0/24");
  EXPECT_EQ(read("192.0.2.255/25"), "192.0.2.128/25");
  EXPECT_EQ(read("192.0.2.1/0"), "0.0.0.0/0");
  EXPECT_EQ(read("2001:db8:ffff::1/33"), "2001:db8:8000::/33");
  EXPECT_EQ(read("2001:db8::1/0"), "0::/0");
}

TEST(Address, MappedIpv4EqualsIpv4) {
  EXPECT_EQ(read("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(read("::FFFF:c000:201"), "192.0.2.1");
  EXPECT_EQ(read("::ffff:192.0.2.1/120"), "192.0.2.0/24");
  EXPECT_TRUE(*AddressRange::parse("::ffff:192.0.2.0/120") == *AddressRange::parse("192.0.2.7/24"));
  EXPECT_FALSE(*AddressRange::parse("192.0.2.0/25") == *AddressRange::parse("192.0.2.0/24"));
}

TEST(Address, InvalidTextsAreRefused) {
  for (const auto* bad : {"",
                          "/",
                          "192.0.2",
                          "192.0.2.256",
                          "192.0.2.1/",
                          "192.0.2.1/33",
                          "192.0.2.1/-1",
                          "192.0.2.1/+1",
                          "192.0.2.1/24/8",
                          "192.0.2.1 ",
                          " 192.0.2.1",
                          "0192.0.2.1",
                          "192.0.2.1/a",
                          "192.0.2.1/99999999999999999999",
                          "2001:db8",
                          "2001:db8::/129",
                          "2001:db8::1::2",
                          ":::",
                          "fe80::1%eth0",
                          "[::1]",
                          "localhost",
                          "5f0c3e0000000000000000aa",
                          "*"}) {
    EXPECT_EQ(read(bad), "-") << bad;
  }
  EXPECT_EQ(read(std::string("192.0.2.1\0", 10)), "-");
  EXPECT_EQ(read(std::string(100'000, ':')), "-");
  EXPECT_EQ(read(std::string("192.0.2.1\0", 10)), "-");
}

TEST(Address, ARangeContainsAddressesWithItsPrefix) {
  EXPECT_TRUE(contains("192.0.2.0/24", "192.0.2.255"));
  EXPECT_TRUE(contains("192.0.2.0/24", "192.0.2.128/25"));
  EXPECT_TRUE(contains("192.0.2.0/24", "192.0.2.0/24"));
  EXPECT_FALSE(contains("192.0.2.0/24", "192.0.3.0"));
  EXPECT_FALSE(contains("192.0.2.0/24", "192.0.0.0/16")) << "a larger one";
  EXPECT_TRUE(contains("192.0.2.128/25", "::ffff:192.0.2.200"));
  EXPECT_FALSE(contains("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(contains("0.0.0.0/0", "255.255.255.255"));
  EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(contains("2001:db8::/32", "2001:db8:ffff::1"));
  EXPECT_FALSE(contains("2001:db8::/32", "2001:db9::"));
  EXPECT_TRUE(contains("::/0", "2001:db8::1"));
  EXPECT_TRUE(contains("::/0", "192.0.2.1")) << "everybody is everybody";
}

TEST(Address, RoundTrips) {
  for (const auto* text : {"192.0.2.0/24", "10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "0::/0",
                           "fe80::/10", "192.0.2.128/25", "0::1", "255.255.255.255"}) {
    EXPECT_EQ(read(text), text);
  }
  for (unsigned bits = 0; bits <= 128; ++bits) {
    const auto range =
        AddressRange::parse("2001:db8:1234:5678:9abc:def0:1234:5678/" + std::to_string(bits));
    ASSERT_TRUE(range);
    const auto again = AddressRange::parse(range->text());
    ASSERT_TRUE(again) << range->text();
    EXPECT_TRUE(*again == *range) << range->text();
  }
}

TEST(Address, Ipv6AddressesOfOneSubnetShareALimit) {
  EXPECT_EQ(limit_key("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(limit_key("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(limit_key("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(limit_key("2001:db8:1:2::9"), limit_key("2001:db8:1:2:ffff::"));
  EXPECT_NE(limit_key("2001:db8:1:2::9"), limit_key("2001:db8:1:3::9"));
  EXPECT_EQ(limit_key("unix"), "unix");
  EXPECT_EQ(limit_key(""), "");
}

TEST(Address, WidenedRangesAreEqualAndHashAlike) {
  const auto one = *AddressRange::parse("2001:db8:1:2:3:4:5:6");
  EXPECT_EQ(one.widened(64).text(), "2001:db8:1:2::/64");
  EXPECT_EQ(one.widened(64).bits(), 64U);
  EXPECT_EQ(one.widened(64).widened(128).text(), "2001:db8:1:2::/64") << "bits do not come back";
  EXPECT_EQ(AddressRange::parse("192.0.2.7")->widened(120).text(), "192.0.2.0/24");
  EXPECT_TRUE(AddressRange::parse("::ffff:192.0.2.7")->is_v4());
  EXPECT_FALSE(AddressRange::parse("::/0")->is_v4());
  const AddressRange::Hash hash;
  EXPECT_EQ(hash(*AddressRange::parse("::ffff:192.0.2.7")),
            hash(*AddressRange::parse("192.0.2.7")));
  EXPECT_NE(hash(one), hash(one.widened(64)));
}

TEST(Address, FromBytesReadsBothAddressSizes) {
  EXPECT_EQ(AddressRange::from_bytes({"\xc0\x00\x02\x07", 4})->text(), "192.0.2.7");
  const auto v6 = AddressRange::from_bytes("\x20\x01\x0d\xb8" + std::string(11, '\0') + "\x01");
  EXPECT_EQ(v6->text(), "2001:db8::1");
  EXPECT_FALSE(AddressRange::from_bytes("\x20\x01\x0d"));
  EXPECT_FALSE(AddressRange::from_bytes(""));
}
