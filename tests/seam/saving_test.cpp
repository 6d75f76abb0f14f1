// Several protocols save to one store. The test stops and restarts a Redis of its own.
#include <algorithm>

#include "persist/redis/redis_store.hpp"
#include "tests/persist/redis_driver.hpp"
#include "tests/persist/redis_server.hpp"
#include "tests/seam/fixture.hpp"

namespace signaller::seam {
namespace {

using testing::HasSubstr;

class SavingTest : public SeamTest {
 protected:
  void start_with_redis() {
    options_.durable = true;
    options_.ack_timeout_ms = 60'000;  // long enough for a busy machine
    store_ = std::make_unique<persist::RedisStore>(tests::redis_options(redis_.url()), random_);
    start(store_.get());
    store_->attach(server_->core_context());
    run_server();
  }
  void TearDown() override {
    end();
    store_.reset();  // destroyed before the server, because it uses the server's loop
    destroy();
  }
  /// Stops the server and reads what is stored in Redis.
  port::Snapshot stored() {
    TearDown();
    tests::RedisDriver next(tests::redis_options(redis_.url(), "boot2"));
    port::Restored restored = next.load();
    EXPECT_EQ(restored.error, "");
    return std::move(restored.snapshot);
  }
  /// The records that a small protocol has saved.
  static std::size_t count(const port::Snapshot& all, const std::string& protocol) {
    return static_cast<std::size_t>(
        std::count_if(all.peers.begin(), all.peers.end(),
                      [&](const port::PeerRecord& one) { return one.nick == protocol; }));
  }

  tests::RedisServer redis_{{"--appendonly", "yes", "--appendfsync", "always"}};
  std::unique_ptr<persist::RedisStore> store_;
};

TEST_F(SavingTest, ThreeProtocolsSaveAtOnceAndEachGetsAnAnswer) {
  start_with_redis();
  const auto ann = member("ann");
  const auto one = connect("/second");
  const auto other = connect("/third");
  for (int i = 0; i < 20; ++i) {
    ann->say("@label=l" + std::to_string(i) + " /pubmsg #x text " + std::to_string(i));
    one->say("save 3");
    other->say("save 2");
  }
  EXPECT_THAT(ann->hear_until("@label=l19").back(), HasSubstr(" ACK #x"));
  one->hear_until("stored");
  other->hear_until("stored");
  const port::Snapshot all = stored();
  EXPECT_EQ(count(all, "second"), 60U);
  EXPECT_EQ(count(all, "third"), 40U);
  EXPECT_EQ(all.messages.size(), 20U);
}

TEST_F(SavingTest, NothingIsLostWhenRedisCrashesAndRestarts) {
  start_with_redis();
  const auto ann = member("ann");
  const auto one = connect("/second");
  one->say("save 5");
  EXPECT_EQ(one->hear().payload, "stored");
  redis_.kill();
  one->say("save 5");
  ann->say("@label=a /pubmsg #x while Redis is away");
  EXPECT_EQ(one->hear().payload, "refused");
  one->say("save 5");
  redis_.start();
  EXPECT_EQ(one->hear().payload, "stored");
  EXPECT_THAT(ann->hear_until("@label=a").back(), HasSubstr(" ACK #x"));
  one->say("save 5");
  EXPECT_EQ(one->hear().payload, "stored");
  ann->say("@label=b /pubmsg #x after it");
  EXPECT_THAT(ann->hear_until("@label=b").back(), HasSubstr(" ACK #x"));
  const port::Snapshot all = stored();
  EXPECT_EQ(count(all, "second"), 20U);
  EXPECT_EQ(all.messages.size(), 2U);
  EXPECT_EQ(all.channels.size(), 1U);
}

TEST_F(SavingTest, ShutdownWaitsForTheBatchesOfBothProtocols) {
  start_with_redis();
  const auto ann = member("ann");
  const auto one = connect("/second");
  one->say("save 50");
  ann->say("/pubmsg #x last words");
  heard_of_slash(*ann);
  heard(*one);
  const port::Snapshot all = stored();
  EXPECT_EQ(count(all, "second"), 50U);
  EXPECT_EQ(all.messages.size(), 1U);
  EXPECT_TRUE(all.sealed);
}

}  // namespace
}  // namespace signaller::seam
