// A load that finds no data, data of another server, or corrupt data.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persist/format/encode.hpp"
#include "tests/persist/records.hpp"
#include "tests/persist/redis_driver.hpp"
#include "tests/persist/redis_server.hpp"

using namespace signaller;
using namespace signaller::tests;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

namespace {

class RedisStart : public testing::Test {
 protected:
  void fill() {
    RedisDriver driver(redis_options(server.url(), "boot0"));
    EXPECT_EQ(driver.load().error, "");
    ASSERT_TRUE(driver.save({peer("5f", "ann"), channel("#x"), port::MemberRecord{"#x", "5f", ""},
                             message("#x", 1), mail("5f", 1), audit(1)}));
    driver.close();
  }
  std::string error_of(persist::RedisOptions options) {
    RedisDriver driver(std::move(options));
    const auto restored = driver.load();
    EXPECT_TRUE(restored.snapshot.peers.empty());
    driver.close();
    EXPECT_EQ(server.ask({"EXISTS", "signaller:lease"}), "0") << "another server may use it";
    return restored.error;
  }
  RedisServer server;
};

}  // namespace

TEST_F(RedisStart, WritesTheHeaderOfANewStore) {
  fill();
  EXPECT_EQ(server.ask({"GET", "signaller:schema"}), "1");
  EXPECT_EQ(server.ask({"GET", "signaller:key"}), "fingerprint");
  EXPECT_EQ(server.ask({"GET", "signaller:filled"}).substr(0, 6), "boot0 ");
  EXPECT_EQ(server.ask({"TTL", "signaller:peer:5f"}), "-1");
}

TEST_F(RedisStart, SeparatesPrefixes) {
  fill();
  auto options = redis_options(server.url());
  options.prefix = "other:";
  RedisDriver driver(options);
  EXPECT_TRUE(driver.load().snapshot.peers.empty());
  EXPECT_TRUE(driver.save({peer("60", "bob")}));
}

TEST_F(RedisStart, RefusesAnotherSchema) {
  fill();
  server.tell({"SET", "signaller:schema", "2"});
  EXPECT_THAT(error_of(redis_options(server.url())), HasSubstr("signaller:schema is 2"));
  server.tell({"SET", "signaller:schema", "\x1b?"});
  EXPECT_THAT(error_of(redis_options(server.url())), HasSubstr("'\\x1b?', but must be a number"));
  server.tell({"DEL", "signaller:schema"});
  EXPECT_THAT(error_of(redis_options(server.url())),
              AllOf(HasSubstr("signaller:schema is missing"), HasSubstr("SET signaller:schema 1")));
}

TEST_F(RedisStart, RefusesAnotherSecretKey) {
  fill();
  auto options = redis_options(server.url());
  options.key_fingerprint = "another";
  options.key_file = "/etc/signaller/secret.key";
  EXPECT_THAT(error_of(options), HasSubstr("key file /etc/signaller/secret.key holds another key"));
  options.key_is_new = true;
  EXPECT_THAT(error_of(options), HasSubstr("key file /etc/signaller/secret.key does not exist"));
  EXPECT_EQ(server.ask({"GET", "signaller:key"}), "fingerprint");
}

TEST_F(RedisStart, RefusesAMissingFingerprint) {
  fill();
  server.tell({"DEL", "signaller:key"});
  EXPECT_THAT(error_of(redis_options(server.url())),
              AllOf(HasSubstr("signaller:key is missing"), HasSubstr("secret.key"),
                    HasSubstr("SET signaller:key fingerprint")));
  server.tell({"SADD", "signaller:key", "no text"});
  EXPECT_THAT(error_of(redis_options(server.url())), HasSubstr("signaller:key is missing"));
  server.tell({"DEL", "signaller:key"});
  server.tell({"SET", "signaller:key", "fingerprint"});
  EXPECT_EQ(RedisDriver(redis_options(server.url())).load().error, "");
}

TEST_F(RedisStart, RewritesTheHeaderPeriodically) {
  auto options = redis_options(server.url());
  options.lease_ttl = std::chrono::milliseconds(300);
  RedisDriver driver(options);
  driver.load();
  ASSERT_TRUE(driver.save({peer("5f", "ann")}));
  server.tell({"DEL", "signaller:schema", "signaller:key"});
  driver.until([this] {
    return server.ask({"EXISTS", "signaller:schema", "signaller:key"}) == "2";
  });
  EXPECT_TRUE(driver.events.empty());
}

TEST_F(RedisStart, LeavesOutAndReportsCorruptValues) {
  fill();
  const persist::Keys keys("signaller:");
  const std::string hostile = "60\r\n\x1b[31m";
  server.tell({"SADD", keys.peers_of("60"), "60"});
  server.tell({"SADD", keys.peers_of(hostile), hostile});
  server.tell({"SET", keys.peer("60"), "no hash"});
  server.tell({"HSET", keys.peer(hostile), "tenure", "-1"});
  server.tell({"SADD", keys.channels_of("#y"), "#y"});
  server.tell({"HSET", keys.channel("#y"), "name", "#z", "m:5f", ""});
  server.tell({"XADD", keys.log("#y"), "1-0", "d", "1 m - 0 0 "});
  server.tell({"HSET", keys.standing("#x"), "r:5f", "! 1"});
  server.tell({"XADD", keys.log("#x"), "2-0", "d", "hostile"});
  server.tell({"XADD", keys.log("#x"), "3-1", "d", "1 m - 0 0 "});
  server.tell({"XADD", keys.mail("5f"), "7-0", "x", ""});
  server.tell({"XADD", keys.audit(), "7-0", "unix_ms", "x"});
  server.tell({"HSET", keys.bans(), "5f", "?"});
  server.tell({"SET", keys.peers(7), "no set"});
  RedisDriver driver(redis_options(server.url()));
  const auto restored = driver.load();
  EXPECT_EQ(restored.error, "");
  EXPECT_THAT(
      restored.skipped,
      UnorderedElementsAre(
          HasSubstr("signaller:peer:60: "), HasSubstr("signaller:peer:60\\x0d\\x0a\\x1b[31m: "),
          HasSubstr("signaller:channel:#y: the field 'name'"), HasSubstr("signaller:standing:#x: "),
          HasSubstr("signaller:log:#x: entry 2-0"), HasSubstr("signaller:log:#x: entry 3-1"),
          HasSubstr("signaller:mail:5f: entry 7-0"), HasSubstr("signaller:audit: "),
          HasSubstr("signaller:bans: "), HasSubstr("signaller:peers:07: ")));
  EXPECT_EQ(restored.snapshot.peers.size(), 1U);
  EXPECT_EQ(restored.snapshot.channels.size(), 1U);
  EXPECT_EQ(restored.snapshot.members.size(), 1U);
  EXPECT_EQ(restored.snapshot.messages.size(), 1U) << "the log of an invalid channel is skipped";
  EXPECT_EQ(restored.snapshot.mail.size(), 1U);
  EXPECT_EQ(restored.snapshot.audit.size(), 1U);
}

TEST_F(RedisStart, LoadsMoreThanOnePipelineWindow) {
  RedisDriver first(redis_options(server.url(), "boot0"));
  first.load();
  std::vector<port::Record> records;
  for (int i = 0; i < 3'000; ++i) {
    records.emplace_back(peer(std::to_string(100'000 + i), "p"));
    records.emplace_back(mail(std::to_string(100'000 + i), 1));
  }
  for (int i = 0; i < 500; ++i) {
    const std::string name = "#c" + std::to_string(i);
    records.emplace_back(channel(name));
    for (std::uint64_t seq = 1; seq <= 5; ++seq) records.emplace_back(message(name, seq));
  }
  ASSERT_TRUE(first.save(records));
  first.close();
  auto options = redis_options(server.url());
  // Short, so that the lease is renewed during the load.
  options.lease_ttl = std::chrono::milliseconds(1'000);
  RedisDriver second(options);
  second.begin_load();
  second.until([&] {
    return server.ask({"CLIENT", "LIST"}).find("name=signaller") != std::string::npos;
  });
  server.tell({"CLIENT", "KILL", "TYPE", "normal"});  // the load restarts from the beginning
  const auto restored = second.end_load();
  EXPECT_TRUE(restored.skipped.empty());
  EXPECT_EQ(restored.snapshot.peers.size(), 3'000U);
  EXPECT_EQ(restored.snapshot.mail.size(), 3'000U);
  EXPECT_EQ(restored.snapshot.channels.size(), 500U);
  ASSERT_EQ(restored.snapshot.messages.size(), 2'500U);
  for (std::size_t i = 0; i < 2'500; ++i) {
    ASSERT_EQ(restored.snapshot.messages[i].message.seq, i % 5 + 1) << "a log in its order";
  }
}
