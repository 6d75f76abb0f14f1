// Who may come: each limit at it and one above, bans, and what is forgotten.
#include "net/door.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/seeded.hpp"

namespace signaller::net {
namespace {

using testing::HasSubstr;
using Why = Refusal::Why;

port::AddressRange address(const std::string& text) {
  return *port::AddressRange::parse(text);
}
port::Instant at(std::int64_t ms) {
  return {1'700'000'000'000 + ms, ms};
}
DoorOptions limits(std::size_t connections, double rate, double burst) {
  return {{}, connections, rate, burst};
}
port::Bar bans(std::vector<port::Barred> list) {
  return {std::make_shared<const std::vector<port::Barred>>(std::move(list))};
}

TEST(Door, AsManyConnectionsAsAreAllowed) {
  Door door(limits(2, 0, 0));
  const Admission first = door.enter(address("192.0.2.7"), at(0));
  EXPECT_FALSE(first.refusal);
  {
    const Admission second = door.enter(address("192.0.2.7"), at(0));
    EXPECT_FALSE(second.refusal);
    const Admission third = door.enter(address("192.0.2.7"), at(0));
    EXPECT_EQ(third.refusal.why, Why::TooMany);
    EXPECT_EQ(third.refusal.text,
              "too many connections from 192.0.2.7: net.address_connections is 2");
    EXPECT_FALSE(door.enter(address("192.0.2.8"), at(0)).refusal) << "somebody else";
    EXPECT_EQ(door.open(), 2U);
  }
  EXPECT_EQ(door.open(), 1U);
  EXPECT_FALSE(door.enter(address("192.0.2.7"), at(0)).refusal) << "one has left";
}

TEST(Door, AHouseIsOne) {
  Door door(limits(1, 0, 0));
  const Admission one = door.enter(address("2001:db8:1:2::1"), at(0));
  EXPECT_EQ(door.enter(address("2001:db8:1:2:ffff::"), at(0)).refusal.text,
            "too many connections from 2001:db8:1:2::/64: net.address_connections is 1");
  EXPECT_FALSE(door.enter(address("2001:db8:1:3::1"), at(0)).refusal);
}

TEST(Door, ABurstThenTheRate) {
  Door door(limits(0, 50, 3));
  const auto who = address("192.0.2.7");
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(door.enter(who, at(0)).refusal);
  const Refusal refusal = door.enter(who, at(0)).refusal;
  EXPECT_EQ(refusal.why, Why::TooFast);
  EXPECT_EQ(refusal.wait_ms, 20);
  EXPECT_EQ(refusal.text,
            "too many new connections from 192.0.2.7: net.address_connect_rate is 50; wait_ms=20");
  EXPECT_TRUE(door.enter(who, at(19)).refusal);
  EXPECT_FALSE(door.enter(who, at(20)).refusal) << "as it was told";
  EXPECT_TRUE(door.enter(who, at(20)).refusal);
}

TEST(Door, TheSustainedRateIsTheConfiguredOne) {
  tests::Seeded random(3);
  for (const double rate : {0.5, 7.0, 50.0}) {
    Door door(limits(0, rate, 10));
    int entered = 0;
    constexpr std::int64_t Hour = 3'600'000;
    for (std::int64_t now = 0; now < Hour;) {
      const Admission admission = door.enter(address("192.0.2.7"), at(now));
      entered += admission.refusal ? 0 : 1;
      now += admission.refusal.wait_ms + static_cast<std::int64_t>(random.below(2));
    }
    EXPECT_NEAR(entered, rate * 3'600, rate * 3'600 * 0.06 + 11);
    EXPECT_LE(entered, rate * 3'600 + 11);
  }
}

TEST(Door, WhoIsRefusedTakesNothing) {
  Door door(limits(1, 1, 2));
  const Admission one = door.enter(address("192.0.2.7"), at(0));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(door.enter(address("192.0.2.7"), at(0)).refusal.why, Why::TooMany);
  }
  EXPECT_EQ(door.open(), 1U);
}

TEST(Door, BansTellTheirReason) {
  Door door;
  door.bar(0, bans({{address("192.0.2.0/24"), "banned: spam", 0},
                    {address("192.0.2.7"), "banned: for a while", at(10'000).unix_ms}}));
  const Refusal refusal = door.enter(address("192.0.2.8"), at(0)).refusal;
  EXPECT_EQ(refusal.why, Why::Banned);
  EXPECT_EQ(refusal.text, "banned: spam");
  EXPECT_EQ(door.enter(address("192.0.2.7"), at(9'999)).refusal.text, "banned: for a while");
  EXPECT_EQ(door.enter(address("192.0.2.7"), at(10'000)).refusal.text, "banned: spam");
  EXPECT_FALSE(door.enter(address("192.0.3.7"), at(0)).refusal);
  EXPECT_EQ(door.known(), 1U) << "whoever is banned is not remembered";
}

TEST(Door, EachProtocolHasItsBans) {
  Door door;
  door.bar(1, bans({{address("192.0.2.7"), "one", 0}}));
  door.bar(0, bans({{address("192.0.2.8"), "zero", 0}}));
  EXPECT_TRUE(door.enter(address("192.0.2.7"), at(0)).refusal);
  EXPECT_TRUE(door.enter(address("192.0.2.8"), at(0)).refusal);
  door.bar(1, bans({}));
  EXPECT_FALSE(door.enter(address("192.0.2.7"), at(0)).refusal);
  EXPECT_TRUE(door.enter(address("192.0.2.8"), at(0)).refusal);
}

TEST(Door, TrustedProxiesAreNeitherCountedNorBanned) {
  DoorOptions options = limits(1, 1, 1);
  options.trusted_proxies = {"10.0.0.0/8"};
  Door door(options);
  door.bar(0, bans({{address("0.0.0.0/0"), "banned", 0}}));
  EXPECT_TRUE(door.trusts(address("10.1.2.3")));
  EXPECT_FALSE(door.trusts(address("11.1.2.3")));
  const Admission one = door.enter(address("10.1.2.3"), at(0));
  const Admission two = door.enter(address("10.1.2.3"), at(0));
  EXPECT_FALSE(one.refusal);
  EXPECT_FALSE(two.refusal);
  EXPECT_EQ(door.open(), 0U);
  EXPECT_TRUE(door.enter(address("11.1.2.3"), at(0)).refusal);
}

TEST(Door, IdleAddressesAreForgotten) {
  Door door(limits(0, 50, 100));
  const Admission stays = door.enter(address("192.0.2.1"), at(0));
  for (int i = 0; i < 20'000; ++i) {
    const auto who = address("10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256));
    EXPECT_FALSE(door.enter(who, at(i)).refusal);
    ASSERT_LE(door.known(), 1'025U);
  }
  EXPECT_EQ(door.open(), 1U);
}

TEST(Door, NewLimitsCountFromThenOn) {
  Door door(limits(1, 0, 0));
  const Admission one = door.enter(address("192.0.2.7"), at(0));
  EXPECT_TRUE(door.enter(address("192.0.2.7"), at(0)).refusal);
  door.tune(limits(2, 0, 0));
  EXPECT_FALSE(door.enter(address("192.0.2.7"), at(0)).refusal);
  door.tune(limits(0, 0, 0));
  EXPECT_FALSE(door.enter(address("192.0.2.7"), at(0)).refusal);
}

TEST(Door, ExplainsItselfSoOftenAndNoMore) {
  Door door;
  int explained = 0;
  for (int i = 0; i < 1'000; ++i) explained += door.may_explain(at(0)) ? 1 : 0;
  EXPECT_EQ(explained, 200);
  for (int i = 0; i < 1'000; ++i) explained += door.may_explain(at(1'000)) ? 1 : 0;
  EXPECT_EQ(explained, 250);
}

TEST(Door, ThreadsComeAndGo) {
  Door door(limits(5, 0, 0));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&door, i] {
      for (int n = 0; n < 5'000; ++n) {
        const Admission one = door.enter(address("192.0.2." + std::to_string(n % 8)), at(n));
        if (i == 0 && n % 100 == 0) door.tune(limits(5, 0, 0));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(door.open(), 0U);
}

TEST(Refusal, AsHttp) {
  const Refusal fast{Why::TooFast, "too fast", 1'001};
  EXPECT_EQ(status_of(fast), 429);
  EXPECT_EQ(close_code_of(fast), 3504);
  EXPECT_EQ(retry_header_of(fast), "Retry-After: 2\r\n");
  const std::string response = response_of(fast);
  EXPECT_EQ(response.rfind("HTTP/1.1 429 Too Many Requests\r\n", 0), 0U);
  EXPECT_THAT(response, HasSubstr("\r\nContent-Length: 9\r\n"));
  EXPECT_THAT(response, HasSubstr("\r\n\r\ntoo fast\n"));
  EXPECT_EQ(status_of({Why::TooMany, "", 0}), 429);
  EXPECT_EQ(retry_header_of({Why::TooMany, "", 0}), "Retry-After: 5\r\n");
  EXPECT_EQ(status_of({Why::Full, "", 0}), 503);
  EXPECT_EQ(status_of({Why::NoMemory, "", 0}), 503);
  EXPECT_EQ(close_code_of({Why::NoMemory, "", 0}), 3504);
  EXPECT_EQ(status_of({Why::NoProxy, "", 0}), 403);
  EXPECT_EQ(status_of({Why::Banned, "", 0}), 403);
  EXPECT_EQ(close_code_of({Why::Banned, "", 0}), 3507);
  EXPECT_EQ(retry_header_of({Why::Banned, "", 0}), "");
}

}  // namespace
}  // namespace signaller::net
