// The address of a client behind trusted proxies.
#include "net/admission/forwarded.hpp"

#include <gtest/gtest.h>

#include <string>

namespace signaller::net {
namespace {

/// The client behind a connection from 10.0.0.1, with the trusted proxies 10.0.0.0/8 and fd00::/8.
std::string client(std::string_view header, const std::string& peer = "10.0.0.1") {
  Networks trusted;
  EXPECT_FALSE(trusted.assign({"10.0.0.0/8", "fd00::/8"}));
  return forwarded_for(*port::AddressRange::parse(peer), header, trusted).text();
}

std::string hop(std::string_view text) {
  const auto read = read_hop(text);
  return read ? read->text() : "-";
}

TEST(Forwarded, ReturnsTheClientThatTheProxyNames) {
  EXPECT_EQ(client("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client("  192.0.2.7\t"), "192.0.2.7");
  EXPECT_EQ(client("2001:db8::1"), "2001:db8::1");
}

TEST(Forwarded, IgnoresEntriesThatTheClientInvented) {
  EXPECT_EQ(client("203.0.113.9, 192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client("nonsense, 10.0.0.9, 192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client("127.0.0.1,192.0.2.7"), "192.0.2.7");
}

TEST(Forwarded, ReturnsTheClientBehindSeveralProxies) {
  EXPECT_EQ(client("192.0.2.7, 10.0.0.2, fd00::3"), "192.0.2.7");
  EXPECT_EQ(client("203.0.113.9, 192.0.2.7, 10.0.0.2"), "192.0.2.7");
}

TEST(Forwarded, AListOfProxiesGivesTheFirstProxy) {
  EXPECT_EQ(client("10.0.0.3, 10.0.0.2"), "10.0.0.3") << "the one furthest away";
  EXPECT_EQ(client(""), "10.0.0.1") << "it names nobody";
}

TEST(Forwarded, AnInvalidEntryGivesTheLastTrustedProxy) {
  for (const char* header : {"192.0.2.7, unknown", "192.0.2.7,", "192.0.2.7, ,", ",", " ",
                             "unknown", "192.0.2.7, 192.0.2.0/24", "192.0.2.7, _hidden",
                             "192.0.2.7 10.0.0.2", "192.0.2.7; 10.0.0.2"}) {
    EXPECT_EQ(client(header), "10.0.0.1") << header;
  }
  EXPECT_EQ(client("192.0.2.7, nonsense, 10.0.0.5"), "10.0.0.5");
}

TEST(Forwarded, AnUntrustedPeerIsTheClientItself) {
  EXPECT_EQ(client("192.0.2.7", "203.0.113.9"), "203.0.113.9");
}

TEST(Forwarded, ParsesEachFormOfAnEntry) {
  EXPECT_EQ(hop("192.0.2.7:1234"), "192.0.2.7");
  EXPECT_EQ(hop("[2001:db8::1]:1234"), "2001:db8::1");
  EXPECT_EQ(hop("[2001:db8::1]"), "2001:db8::1");
  EXPECT_EQ(hop("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(hop("[::ffff:192.0.2.7]:80"), "192.0.2.7");
  for (const char* none :
       {"", "192.0.2.7:", "192.0.2.7:x", "192.0.2.7:123456", "[192.0.2.7]", "[2001:db8::1",
        "[2001:db8::1]x", "[2001:db8::1]:", "[2001:db8::1]:+1", "[]", "[]:80",
        "::1:", "192.0.2.7/32", "[::/0]", "fe80::1%eth0", "host"}) {
    EXPECT_EQ(hop(none), "-") << none;
  }
}

}  // namespace
}  // namespace signaller::net
