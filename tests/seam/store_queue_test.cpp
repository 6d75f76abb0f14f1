// The order of batches of several protocols, without a server.
#include "net/core/store_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace signaller::net {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A store that answers when the test asks it to. A second batch before the answer fails the test.
class SlowStore final : public port::Store {
 public:
  void load(const OnRestored& done) override { done({}); }
  void save(std::vector<port::Record> records, std::uint64_t token, const OnStored& done) override {
    EXPECT_FALSE(done_) << "one at a time";
    batches.push_back(std::to_string(token) + "/" + std::to_string(records.size()));
    token_ = token;
    done_ = done;
  }
  void close(const OnClosed& done) override { done(); }
  [[nodiscard]] port::StoreStatus status() const override { return {}; }
  void answer(bool ok) { std::exchange(done_, nullptr)({token_, ok}); }

  std::vector<std::string> batches;

 private:
  std::uint64_t token_ = 0;
  OnStored done_;
};

class StoreQueueTest : public testing::Test {
 protected:
  void save(std::size_t protocol, std::uint64_t token) {
    queue.save(protocol, {{port::PeerGone{"x"}}, token});
  }
  void settle() {
    loop.context().restart();
    loop.context().poll();
  }
  void answer(bool ok = true) {
    store.answer(ok);
    settle();
  }

  Loop loop;
  SlowStore store;
  std::vector<std::string> told;
  StoreQueue queue{loop, &store, 3, [this](std::size_t protocol, const port::Stored& stored) {
                     told.push_back(std::to_string(protocol) + ":" + std::to_string(stored.token) +
                                    (stored.ok ? " ok" : " no"));
                   }};
};

TEST_F(StoreQueueTest, BatchesOfSeveralProtocolsAreStoredInTurn) {
  save(1, 7);
  save(0, 7);
  save(2, 9);
  EXPECT_THAT(store.batches, ElementsAre("7/1"));
  answer();
  save(1, 8);  // queued after the waiting batches
  answer();
  answer();
  answer();
  EXPECT_THAT(store.batches, ElementsAre("7/1", "9/1", "7/1", "8/1"));
  EXPECT_THAT(told, ElementsAre("1:7 ok", "2:9 ok", "0:7 ok", "1:8 ok"));
  EXPECT_TRUE(queue.idle());
}

TEST_F(StoreQueueTest, ASecondBatchOfOneProtocolIsRefusedAtOnce) {
  save(0, 1);
  save(0, 2);
  EXPECT_THAT(told, IsEmpty()) << "in a handler of its own";
  settle();
  EXPECT_THAT(told, ElementsAre("0:2 no"));
  save(1, 1);
  save(1, 2);
  settle();
  EXPECT_THAT(told, ElementsAre("0:2 no", "1:2 no"));
  answer();
  answer();
  EXPECT_THAT(told, ElementsAre("0:2 no", "1:2 no", "0:1 ok", "1:1 ok"));
}

TEST_F(StoreQueueTest, ARefusalOfOneDoesNotKeepTheOthersWaiting) {
  save(0, 1);
  save(1, 2);
  EXPECT_FALSE(queue.idle());
  answer(false);
  EXPECT_THAT(store.batches, ElementsAre("1/1", "2/1"));
  answer();
  EXPECT_THAT(told, ElementsAre("0:1 no", "1:2 ok"));
  EXPECT_TRUE(queue.idle());
}

TEST_F(StoreQueueTest, WithoutAStoreNothingIsStored) {
  StoreQueue none(loop, nullptr, 1, [this](std::size_t, const port::Stored& stored) {
    told.emplace_back(stored.ok ? "ok" : "no");
  });
  none.save(0, {{}, 1});
  settle();
  EXPECT_THAT(told, ElementsAre("no"));
}

}  // namespace
}  // namespace signaller::net
