// Replies arrive cut, late or malformed during a batch.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/persist/records.hpp"
#include "tests/persist/redis_driver.hpp"
#include "tests/persist/redis_proxy.hpp"
#include "tests/persist/redis_server.hpp"

using namespace signaller;
using namespace signaller::tests;
using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using Kind = port::StoreEvent::Kind;

namespace {

class RedisProxied : public testing::Test {
 protected:
  void SetUp() override {
    EXPECT_EQ(driver.load().error, "");
    ASSERT_TRUE(driver.save({channel("#x"), message("#x", 1)}));
  }
  /// Saves one more message, and tries again until it is stored.
  void save_until_it_is_stored(std::uint64_t seq) {
    for (int attempts = 0; !driver.save({message("#x", seq)}); ++attempts) {
      ASSERT_LT(attempts, 5);
      EXPECT_EQ(driver.next_event().kind, Kind::Away);
      proxy.damage(nullptr);
      const auto ready = driver.next_event();
      EXPECT_EQ(ready.kind, Kind::Ready);
      EXPECT_FALSE(ready.incomplete);
    }
  }
  static persist::RedisOptions options(const std::string& url) {
    auto options = redis_options(url);
    options.timeout = 500ms;
    return options;
  }

  RedisServer server;
  RedisProxy proxy{server.path()};
  RedisDriver driver{options(proxy.url())};
};

}  // namespace

TEST_F(RedisProxied, ACutAtAnyByteNeitherLosesNorDuplicates) {
  std::uint64_t seq = 2;
  for (std::size_t cut = 0; cut < 120; cut += 3) {
    proxy.damage([left = cut](std::string& answer) mutable {
      const bool ends = answer.size() > left;
      if (ends) answer.resize(left);
      left -= answer.size();
      return !ends;
    });
    save_until_it_is_stored(seq++);
    proxy.damage(nullptr);
  }
  EXPECT_EQ(server.ask({"XLEN", "signaller:log:#x"}), std::to_string(seq - 1));
  EXPECT_TRUE(driver.warnings.size() <= 1) << driver.warnings.back();
}

TEST_F(RedisProxied, TimesOutOnHalfAReply) {
  proxy.damage([](std::string& answer) {
    answer.resize(answer.size() / 2);
    return true;
  });
  EXPECT_FALSE(driver.save({message("#x", 2)}));
  EXPECT_THAT(driver.next_event().why, HasSubstr("has not answered for"));
  proxy.damage(nullptr);
  EXPECT_EQ(driver.next_event().kind, Kind::Ready);
  save_until_it_is_stored(2);
  EXPECT_EQ(server.ask({"XLEN", "signaller:log:#x"}), "2");
}

TEST_F(RedisProxied, RecoversFromMalformedReplies) {
  for (const char* nonsense : {"HTTP/1.1 502 Bad Gateway\r\n\r\n", "*-7\r\n", "$99999999999999\r\n",
                               "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n"}) {
    proxy.damage([nonsense](std::string& answer) {
      answer = nonsense;
      return true;
    });
    EXPECT_FALSE(driver.save({message("#x", 2)})) << nonsense;
    EXPECT_EQ(driver.next_event().kind, Kind::Away);
    proxy.damage(nullptr);
    EXPECT_EQ(driver.next_event().kind, Kind::Ready);
  }
  save_until_it_is_stored(2);
}

/// A long reply may take longer than the timeout if bytes keep coming.
TEST_F(RedisProxied, AcceptsASlowLongReply) {
  std::vector<port::Record> crowd;
  for (int i = 0; i < 2'000; ++i) crowd.emplace_back(peer(std::to_string(100'000 + i), "p"));
  ASSERT_TRUE(driver.save(crowd));
  driver.close();
  proxy.damage([pieces = 0](std::string&) mutable {
    if (++pieces > 3 && pieces < 20) std::this_thread::sleep_for(50ms);
    return true;
  });
  auto slow = redis_options(proxy.url(), "boot2");
  slow.timeout = 200ms;
  RedisDriver next(slow);
  EXPECT_EQ(next.load().snapshot.peers.size(), 2'000U);
}

TEST_F(RedisProxied, AcceptsLateReplies) {
  server.tell({"CLIENT", "PAUSE", "300", "ALL"});
  EXPECT_TRUE(driver.save({message("#x", 2)}));
  EXPECT_GE(driver.store->status().latency_us, 250'000);
  EXPECT_TRUE(driver.events.empty());
}

/// In place of Redis, the proxy refuses one command with an error.
TEST_F(RedisProxied, LeavesOutARecordThatRedisDoesNotQueue) {
  const auto ann = peer("5f", "ann");
  ASSERT_TRUE(driver.save({ann}));
  proxy.damage([queued = 0](std::string& answer) mutable {
    const std::string mark = "+QUEUED\r\n";
    for (auto at = answer.find(mark); at != std::string::npos; at = answer.find(mark, at + 1)) {
      // Damages the reply to the sixth command. One command is for the lease, then three are for
      // each peer, so the sixth is the second command of the second peer.
      if (++queued == 6) answer.replace(at, mark.size(), "-ERR too large a value\r\n");
    }
    return true;
  });
  EXPECT_TRUE(driver.save({peer("60", "bob"), peer("61", "cid"), peer("62", "dot")}));
  EXPECT_THAT(driver.warnings, Contains(HasSubstr("signaller:peer:61: not written")));
  EXPECT_EQ(driver.store->status().errors, 1U);
  EXPECT_TRUE(driver.events.empty());
  EXPECT_EQ(server.ask({"HGET", "signaller:peer:62", "nick"}), "dot");
}
