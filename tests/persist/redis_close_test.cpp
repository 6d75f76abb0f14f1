// Calls close() inside each callback of the store.
#include <gtest/gtest.h>

#include "tests/persist/records.hpp"
#include "tests/persist/redis_driver.hpp"
#include "tests/persist/redis_server.hpp"

using namespace signaller;
using namespace signaller::tests;
using Kind = port::StoreEvent::Kind;

namespace {

class RedisClose : public testing::Test {
 protected:
  void close() {
    driver.store->close([this] { ++closed; });
  }
  void close_at(Kind kind) {
    driver.store->on_event = [this, kind](const port::StoreEvent& event) {
      driver.events.push_back(event);
      if (event.kind == kind) close();
    };
  }
  /// Checks that the store has closed once, and that it may be closed again.
  void expect_closed() {
    driver.until([this] { return closed == 1; });
    driver.close();
    EXPECT_EQ(closed, 1);
    EXPECT_FALSE(driver.store->status().ready);
    EXPECT_FALSE(driver.save({}));
  }
  [[nodiscard]] std::string lease() const { return server.ask({"GET", "signaller:lease"}); }

  int closed = 0;
  RedisServer server;
  RedisDriver driver{redis_options(server.url())};
};

}  // namespace

TEST_F(RedisClose, BeforeLoad) {
  close();
  expect_closed();
}

/// Wherever close() interrupts a load, the store releases the lease.
TEST_F(RedisClose, DuringLoad) {
  driver.load();
  std::vector<port::Record> records;
  for (int i = 0; i < 3'000; ++i) records.emplace_back(peer(std::to_string(100'000 + i), "p"));
  ASSERT_TRUE(driver.save(records));
  driver.close();
  for (int steps = 0; steps < 100'000; steps += 3 + steps / 4) {
    RedisDriver next(redis_options(server.url(), "boot2"));
    int answers = 0;
    std::string error;
    next.store->load([&](const port::Restored& restored) {
      ++answers;
      error = restored.error;
    });
    int done = 0;
    next.until([&] { return ++done > steps || answers > 0; });
    next.close();
    EXPECT_EQ(answers, 1);
    EXPECT_EQ(lease(), "(nil)") << "after " << steps << " steps: " << error;
    if (error.empty()) return;
  }
  ADD_FAILURE() << "it was never loaded";
}

TEST_F(RedisClose, DuringReconnect) {
  driver.load();
  ASSERT_TRUE(driver.save({peer("5f", "ann")}));
  server.tell({"CLIENT", "KILL", "TYPE", "normal"});
  EXPECT_EQ(driver.next_event().kind, Kind::Away);
  driver.until([this] {
    return server.ask({"CLIENT", "LIST"}).find("name=signaller") != std::string::npos;
  });
  close();
  expect_closed();
  EXPECT_EQ(driver.events.size(), 1U);
}

TEST_F(RedisClose, InsideTheLoadCallback) {
  driver.store->load([this](const port::Restored&) { close(); });
  expect_closed();
  EXPECT_EQ(lease(), "(nil)");
}

TEST_F(RedisClose, InsideTheCallbackOfARefusedLoad) {
  server.tell({"SET", "signaller:schema", "2"});
  driver.store->load([this](const port::Restored& restored) {
    EXPECT_NE(restored.error, "");
    close();
  });
  expect_closed();
  EXPECT_EQ(lease(), "(nil)");
}

TEST_F(RedisClose, InsideTheCallbackOfAStoredBatch) {
  driver.load();
  driver.store->save({peer("5f", "ann")}, 1, [this](port::Stored stored) {
    EXPECT_TRUE(stored.ok);
    close();
  });
  expect_closed();
  EXPECT_EQ(lease(), "(nil)");
}

TEST_F(RedisClose, InsideTheCallbackOfAFailedBatch) {
  driver.load();
  driver.store->save({peer("5f", "ann")}, 1, [this](port::Stored stored) {
    EXPECT_FALSE(stored.ok);
    close();
  });
  server.kill();
  expect_closed();
  EXPECT_TRUE(driver.events.empty()) << "closed, not away";
}

TEST_F(RedisClose, InsideTheAwayEvent) {
  driver.load();
  close_at(Kind::Away);
  server.kill();
  expect_closed();
  EXPECT_EQ(driver.events.size(), 1U);
}

TEST_F(RedisClose, InsideTheReadyEvent) {
  driver.load();
  close_at(Kind::Ready);
  server.tell({"CLIENT", "KILL", "TYPE", "normal"});
  expect_closed();
  EXPECT_EQ(driver.events.size(), 2U);
  EXPECT_EQ(lease(), "(nil)");
}

TEST_F(RedisClose, InsideTheFencedEvent) {
  driver.load();
  close_at(Kind::Fenced);
  server.tell({"SET", "signaller:lease", "b other 1 1 p"});
  EXPECT_FALSE(driver.save({peer("5f", "ann")}));
  expect_closed();
  EXPECT_EQ(lease(), "b other 1 1 p");
}

TEST_F(RedisClose, InsideTheFencedEventOfALaterServerStart) {
  driver.load();
  ASSERT_TRUE(driver.save({peer("5f", "ann")}));
  close_at(Kind::Fenced);
  server.tell({"SET", "signaller:filled", "another"});
  server.tell({"CLIENT", "KILL", "TYPE", "normal"});
  expect_closed();
  EXPECT_EQ(lease(), "(nil)");
}

TEST_F(RedisClose, WhileABatchIsPending) {
  driver.load();
  bool stored = false;
  driver.store->save({peer("5f", "ann")}, 1, [&](port::Stored answer) { stored = answer.ok; });
  close();
  close();
  driver.until([this] { return closed == 2; });
  EXPECT_TRUE(stored);
  EXPECT_EQ(lease(), "(nil)");
}
