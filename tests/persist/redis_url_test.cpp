#include "persist/redis/redis_url.hpp"

#include <gtest/gtest.h>

using namespace signaller::persist;

namespace {

RedisUrl good(std::string_view text) {
  auto parsed = parse_redis_url(text);
  EXPECT_TRUE(parsed.url) << text << ": " << parsed.fault;
  return parsed.url.value_or(RedisUrl());
}

}  // namespace

TEST(RedisUrl, ParsesAHost) {
  const RedisUrl plain = good("redis://localhost");
  EXPECT_EQ(plain.host, "localhost");
  EXPECT_EQ(plain.port, 6379);
  EXPECT_EQ(plain.db, 0U);
  EXPECT_EQ(plain.shown(), "redis://localhost:6379/0");
  const RedisUrl full = good("redis://ann:p%40ss:w%2Ford@10.0.0.1:7000/12");
  EXPECT_EQ(full.user, "ann");
  EXPECT_EQ(full.password, "p@ss:w/ord");
  EXPECT_EQ(full.host, "10.0.0.1");
  EXPECT_EQ(full.port, 7000);
  EXPECT_EQ(full.db, 12U);
  EXPECT_EQ(full.shown(), "redis://10.0.0.1:7000/12") << "without user and password";
  const RedisUrl six = good("redis://:secret@[::1]:6380/");
  EXPECT_EQ(six.user, "");
  EXPECT_EQ(six.password, "secret");
  EXPECT_EQ(six.host, "::1");
  EXPECT_EQ(six.shown(), "redis://[::1]:6380/0");
}

TEST(RedisUrl, ParsesASocket) {
  EXPECT_EQ(good("redis+unix:///run/redis%20a.sock").path, "/run/redis a.sock");
  const RedisUrl full = good("redis+unix://:a%00b@/run/redis.sock?db=3");
  EXPECT_EQ(full.password, std::string("a\0b", 3));
  EXPECT_EQ(full.db, 3U);
  EXPECT_EQ(full.shown(), "redis+unix:///run/redis.sock?db=3");
}

TEST(RedisUrl, ReportsFaultsWithoutThePassword) {
  for (const char* bad : {"",
                          "localhost:6379",
                          "http://x",
                          "rediss://x",
                          "redis://",
                          "redis://:6379",
                          "redis://host:",
                          "redis://host:0",
                          "redis://host:65536",
                          "redis://host:6379x",
                          "redis://host/x",
                          "redis://host/65536",
                          "redis://host/1/2",
                          "redis://[::1",
                          "redis://[::1]6379",
                          "redis://a%0",
                          "redis://a%zz",
                          "redis://a%00b",
                          "redis://user@host",
                          "redis://:hunter2%@host",
                          "redis://:hunter2@",
                          "redis://:hunter2@:1",
                          "redis+unix://",
                          "redis+unix://run/x",
                          "redis+unix:///a%00",
                          "redis+unix:///a?x=1",
                          "redis+unix:///a?db=",
                          "redis+unix:///a?db=1&x",
                          "redis+unix://:hunter2@run/x"}) {
    const auto parsed = parse_redis_url(bad);
    EXPECT_FALSE(parsed.url) << bad;
    EXPECT_FALSE(parsed.fault.empty()) << bad;
    EXPECT_EQ(parsed.fault.find("hunter2"), std::string::npos);
  }
}

TEST(RedisUrl, SaysThatAPasswordMustBePercentEncoded) {
  for (const char* bad : {"redis://:hun/ter2@host", "redis://:hun?ter2@host:6379/1",
                          "redis://ann:6379/hunter2@host"}) {
    const auto parsed = parse_redis_url(bad);
    ASSERT_FALSE(parsed.url) << bad;
    EXPECT_EQ(parsed.fault,
              "a / or ? in the user name or the password must be percent-encoded, as %2F or %3F")
        << bad;
  }
}
