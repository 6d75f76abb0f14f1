// Admission of connections: each limit at its value and one above, bans, and forgotten addresses.
#include "net/admission/admission.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/seeded.hpp"

namespace signaller::net {
namespace {

using testing::HasSubstr;
using Reason = ConnectionRefusal::Reason;

port::AddressRange address(const std::string& text) {
  return *port::AddressRange::parse(text);
}
port::Instant at(std::int64_t ms) {
  return {1'700'000'000'000 + ms, ms};
}
AdmissionOptions limits(std::size_t connections, double rate, double burst) {
  return {{}, connections, rate, burst};
}
port::BanList bans(std::vector<port::BannedRange> list) {
  return {std::make_shared<const std::vector<port::BannedRange>>(std::move(list))};
}

TEST(Admission, LimitsConnectionsOfAnAddress) {
  Admission admission(limits(2, 0, 0));
  const AdmissionResult first = admission.enter(address("192.0.2.7"), at(0));
  EXPECT_FALSE(first.refusal);
  {
    const AdmissionResult second = admission.enter(address("192.0.2.7"), at(0));
    EXPECT_FALSE(second.refusal);
    const AdmissionResult third = admission.enter(address("192.0.2.7"), at(0));
    EXPECT_EQ(third.refusal.why, Reason::TooMany);
    EXPECT_EQ(third.refusal.text,
              "too many connections from 192.0.2.7: net.address_connections is 2");
    EXPECT_FALSE(admission.enter(address("192.0.2.8"), at(0)).refusal) << "somebody else";
    EXPECT_EQ(admission.open(), 2U);
  }
  EXPECT_EQ(admission.open(), 1U);
  EXPECT_FALSE(admission.enter(address("192.0.2.7"), at(0)).refusal) << "one has left";
}

TEST(Admission, CountsAnIpv6SubnetAsOneAddress) {
  Admission admission(limits(1, 0, 0));
  const AdmissionResult one = admission.enter(address("2001:db8:1:2::1"), at(0));
  EXPECT_EQ(admission.enter(address("2001:db8:1:2:ffff::"), at(0)).refusal.text,
            "too many connections from 2001:db8:1:2::/64: net.address_connections is 1");
  EXPECT_FALSE(admission.enter(address("2001:db8:1:3::1"), at(0)).refusal);
}

TEST(Admission, AllowsABurstAndThenTheRate) {
  Admission admission(limits(0, 50, 3));
  const auto who = address("192.0.2.7");
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(admission.enter(who, at(0)).refusal);
  const ConnectionRefusal refusal = admission.enter(who, at(0)).refusal;
  EXPECT_EQ(refusal.why, Reason::TooFast);
  EXPECT_EQ(refusal.wait_ms, 20);
  EXPECT_EQ(refusal.text,
            "too many new connections from 192.0.2.7: net.address_connect_rate is 50; wait_ms=20");
  EXPECT_TRUE(admission.enter(who, at(19)).refusal);
  EXPECT_FALSE(admission.enter(who, at(20)).refusal) << "as it was told";
  EXPECT_TRUE(admission.enter(who, at(20)).refusal);
}

TEST(Admission, SustainsTheConfiguredRate) {
  tests::Seeded random(3);
  for (const double rate : {0.5, 7.0, 50.0}) {
    Admission admission(limits(0, rate, 10));
    int entered = 0;
    constexpr std::int64_t Hour = 3'600'000;
    for (std::int64_t now = 0; now < Hour;) {
      const AdmissionResult entry = admission.enter(address("192.0.2.7"), at(now));
      entered += entry.refusal ? 0 : 1;
      now += entry.refusal.wait_ms + static_cast<std::int64_t>(random.below(2));
    }
    EXPECT_NEAR(entered, rate * 3'600, rate * 3'600 * 0.06 + 11);
    EXPECT_LE(entered, rate * 3'600 + 11);
  }
}

TEST(Admission, TakesNothingFromARefusedConnection) {
  Admission admission(limits(1, 1, 2));
  const AdmissionResult one = admission.enter(address("192.0.2.7"), at(0));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(admission.enter(address("192.0.2.7"), at(0)).refusal.why, Reason::TooMany);
  }
  EXPECT_EQ(admission.open(), 1U);
}

TEST(Admission, RefusesABannedAddressWithTheReason) {
  Admission admission;
  admission.bar(0, bans({{address("192.0.2.0/24"), "banned: spam", 0},
                         {address("192.0.2.7"), "banned: for a while", at(10'000).unix_ms}}));
  const ConnectionRefusal refusal = admission.enter(address("192.0.2.8"), at(0)).refusal;
  EXPECT_EQ(refusal.why, Reason::Banned);
  EXPECT_EQ(refusal.text, "banned: spam");
  EXPECT_EQ(admission.enter(address("192.0.2.7"), at(9'999)).refusal.text, "banned: for a while");
  EXPECT_EQ(admission.enter(address("192.0.2.7"), at(10'000)).refusal.text, "banned: spam");
  EXPECT_FALSE(admission.enter(address("192.0.3.7"), at(0)).refusal);
  EXPECT_EQ(admission.known(), 1U) << "whoever is banned is not remembered";
}

TEST(Admission, KeepsTheBansOfProtocolsApart) {
  Admission admission;
  admission.bar(1, bans({{address("192.0.2.7"), "one", 0}}));
  admission.bar(0, bans({{address("192.0.2.8"), "zero", 0}}));
  EXPECT_TRUE(admission.enter(address("192.0.2.7"), at(0)).refusal);
  EXPECT_TRUE(admission.enter(address("192.0.2.8"), at(0)).refusal);
  admission.bar(1, bans({}));
  EXPECT_FALSE(admission.enter(address("192.0.2.7"), at(0)).refusal);
  EXPECT_TRUE(admission.enter(address("192.0.2.8"), at(0)).refusal);
}

TEST(Admission, NeitherCountsNorBansTrustedProxies) {
  AdmissionOptions options = limits(1, 1, 1);
  options.trusted_proxies = {"10.0.0.0/8"};
  Admission admission(options);
  admission.bar(0, bans({{address("0.0.0.0/0"), "banned", 0}}));
  EXPECT_TRUE(admission.trusts(address("10.1.2.3")));
  EXPECT_FALSE(admission.trusts(address("11.1.2.3")));
  const AdmissionResult one = admission.enter(address("10.1.2.3"), at(0));
  const AdmissionResult two = admission.enter(address("10.1.2.3"), at(0));
  EXPECT_FALSE(one.refusal);
  EXPECT_FALSE(two.refusal);
  EXPECT_EQ(admission.open(), 0U);
  EXPECT_TRUE(admission.enter(address("11.1.2.3"), at(0)).refusal);
}

TEST(Admission, ForgetsIdleAddresses) {
  Admission admission(limits(0, 50, 100));
  const AdmissionResult stays = admission.enter(address("192.0.2.1"), at(0));
  for (int i = 0; i < 20'000; ++i) {
    const auto who = address("10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256));
    EXPECT_FALSE(admission.enter(who, at(i)).refusal);
    ASSERT_LE(admission.known(), 1'025U);
  }
  EXPECT_EQ(admission.open(), 1U);
}

TEST(Admission, AppliesNewLimitsToLaterConnections) {
  Admission admission(limits(1, 0, 0));
  const AdmissionResult one = admission.enter(address("192.0.2.7"), at(0));
  EXPECT_TRUE(admission.enter(address("192.0.2.7"), at(0)).refusal);
  admission.tune(limits(2, 0, 0));
  EXPECT_FALSE(admission.enter(address("192.0.2.7"), at(0)).refusal);
  admission.tune(limits(0, 0, 0));
  EXPECT_FALSE(admission.enter(address("192.0.2.7"), at(0)).refusal);
}

TEST(Admission, LimitsExplainedRefusals) {
  Admission admission;
  int explained = 0;
  for (int i = 0; i < 1'000; ++i) explained += admission.may_explain(at(0)) ? 1 : 0;
  EXPECT_EQ(explained, 200);
  for (int i = 0; i < 1'000; ++i) explained += admission.may_explain(at(1'000)) ? 1 : 0;
  EXPECT_EQ(explained, 250);
}

TEST(Admission, IsSafeForSeveralThreads) {
  Admission admission(limits(5, 0, 0));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&admission, i] {
      for (int n = 0; n < 5'000; ++n) {
        const AdmissionResult one =
            admission.enter(address("192.0.2." + std::to_string(n % 8)), at(n));
        if (i == 0 && n % 100 == 0) admission.tune(limits(5, 0, 0));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(admission.open(), 0U);
}

TEST(ConnectionRefusal, HasAnHttpStatusAndResponse) {
  const ConnectionRefusal fast{Reason::TooFast, "too fast", 1'001};
  EXPECT_EQ(status_of(fast), 429);
  EXPECT_EQ(close_code_of(fast), 3504);
  EXPECT_EQ(retry_header_of(fast), "Retry-After: 2\r\n");
  const std::string response = response_of(fast, 784'111'777);
  EXPECT_EQ(response.rfind("HTTP/1.1 429 Too Many Requests\r\n", 0), 0U);
  EXPECT_THAT(response, HasSubstr("\r\nContent-Length: 9\r\n"));
  EXPECT_THAT(response, HasSubstr("\r\n\r\ntoo fast\n"));
  EXPECT_EQ(status_of({Reason::TooMany, "", 0}), 429);
  EXPECT_EQ(retry_header_of({Reason::TooMany, "", 0}), "Retry-After: 5\r\n");
  EXPECT_EQ(status_of({Reason::Full, "", 0}), 503);
  EXPECT_EQ(status_of({Reason::NoMemory, "", 0}), 503);
  EXPECT_EQ(close_code_of({Reason::NoMemory, "", 0}), 3504);
  EXPECT_EQ(status_of({Reason::NoProxy, "", 0}), 403);
  EXPECT_EQ(status_of({Reason::Banned, "", 0}), 403);
  EXPECT_EQ(close_code_of({Reason::Banned, "", 0}), 3507);
  EXPECT_EQ(retry_header_of({Reason::Banned, "", 0}), "");
}

}  // namespace
}  // namespace signaller::net
