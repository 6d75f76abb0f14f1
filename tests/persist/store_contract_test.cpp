// The contract of every store. To test another store, add it to the list of kinds below.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "persist/memory_store.hpp"
#include "tests/persist/records.hpp"
#include "tests/persist/redis_driver.hpp"
#include "tests/persist/redis_server.hpp"

using namespace signaller;
using namespace signaller::tests;

namespace {

/// A store that keeps its contents when it is closed and opened again.
class StoreUnderTest {
 public:
  StoreUnderTest() = default;
  StoreUnderTest(const StoreUnderTest&) = delete;
  StoreUnderTest& operator=(const StoreUnderTest&) = delete;
  virtual ~StoreUnderTest() = default;
  /// Closes the store, opens it again and loads.
  virtual port::Restored reopen() = 0;
  virtual bool save(std::vector<port::Record> records) = 0;
  virtual port::StoreStatus status() = 0;
};

class MemoryStoreUnderTest final : public StoreUnderTest {
 public:
  port::Restored reopen() override {
    port::Restored restored;
    store_.load([&](port::Restored answer) { restored = std::move(answer); });
    return restored;
  }
  bool save(std::vector<port::Record> records) override {
    int answers = 0;
    bool ok = false;
    store_.save(std::move(records), ++token_, [&](port::Stored stored) {
      ++answers;
      EXPECT_EQ(stored.token, token_);
      ok = stored.ok;
    });
    EXPECT_EQ(answers, 1) << "done is called exactly once";
    return ok;
  }
  port::StoreStatus status() override { return store_.status(); }

 private:
  persist::MemoryStore store_;
  std::uint64_t token_ = 0;
};

class RedisStoreUnderTest final : public StoreUnderTest {
 public:
  port::Restored reopen() override {
    if (driver_) driver_->close();
    driver_ = std::make_unique<RedisDriver>(
        redis_options(server_.url(), "boot" + std::to_string(++boot_)));
    return driver_->load();
  }
  bool save(std::vector<port::Record> records) override {
    return driver_->save(std::move(records));
  }
  port::StoreStatus status() override { return driver_->store->status(); }

 private:
  RedisServer server_;
  int boot_ = 0;
  std::unique_ptr<RedisDriver> driver_;
};

struct StoreKind {
  const char* name;
  std::function<std::unique_ptr<StoreUnderTest>()> make;
};

class StoreContract : public testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override {
    keeper_ = GetParam().make();
    const auto restored = keeper_->reopen();
    EXPECT_EQ(restored.error, "");
    EXPECT_TRUE(restored.snapshot.peers.empty());
  }
  void save(std::vector<port::Record> records) { EXPECT_TRUE(keeper_->save(std::move(records))); }
  /// Loads the data that a new server would find.
  port::Snapshot stored() {
    auto restored = keeper_->reopen();
    EXPECT_EQ(restored.error, "");
    EXPECT_TRUE(restored.skipped.empty()) << restored.skipped.front();
    return sorted(std::move(restored.snapshot));
  }

  std::unique_ptr<StoreUnderTest> keeper_;
};

template <class Record>
std::vector<std::uint64_t> numbers_of(const std::deque<Record>& entries) {
  std::vector<std::uint64_t> numbers;
  for (const auto& entry : entries) numbers.push_back(entry.message.seq);
  return numbers;
}
std::vector<std::uint64_t> ids_of(const std::vector<port::AuditRecord>& entries) {
  std::vector<std::uint64_t> ids;
  for (const auto& entry : entries) ids.push_back(entry.id);
  return ids;
}
using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_P(StoreContract, KeepsEveryField) {
  port::PeerRecord plain;
  plain.id = "60";
  port::ChannelRecord empty;
  empty.name = "#y";
  port::MessageRecord silent{"#y", 1, {}};
  silent.message.seq = 3;
  silent.message.msgid = "m";
  save({peer("5f", "ann"), plain, channel("#X"), empty, port::MemberRecord{"#x", "5f", "@"},
        port::MemberRecord{"#x", "60", ""}, message("#x", 2), silent, mail("5f", 9), ban("5f"),
        ban("192.0.2.0/24", ""), audit(7)});
  const auto all = stored();
  ASSERT_EQ(all.peers.size(), 2U);
  EXPECT_EQ(text(all.peers[0]), text(peer("5f", "ann")));
  EXPECT_EQ(text(all.peers[1]), text(plain)) << "what is empty stays empty";
  ASSERT_EQ(all.channels.size(), 2U);
  EXPECT_EQ(text(all.channels[0]), text(channel("#X")));
  EXPECT_EQ(text(all.channels[1]), text(empty));
  ASSERT_EQ(all.members.size(), 2U);
  EXPECT_EQ(text(all.members[0]), text(port::MemberRecord{"#x", "5f", "@"}));
  EXPECT_EQ(all.members[1].rank, "");
  ASSERT_EQ(all.messages.size(), 2U);
  EXPECT_EQ(text(all.messages[0]), text(message("#x", 2)));
  EXPECT_EQ(text(all.messages[1]), text(silent));
  ASSERT_EQ(all.mail.size(), 1U);
  EXPECT_EQ(text(all.mail[0]), text(mail("5f", 9)));
  ASSERT_EQ(all.bans.size(), 2U);
  EXPECT_EQ(text(all.bans[0]), text(ban("192.0.2.0/24", "")));
  EXPECT_EQ(text(all.bans[1]), text(ban("5f")));
  ASSERT_EQ(all.audit.size(), 1U);
  EXPECT_EQ(text(all.audit[0]), text(audit(7)));
}

TEST_P(StoreContract, LiftsServerBans) {
  save({ban("5f"), ban("192.0.2.0/24"), ban("5f", "again")});
  ASSERT_EQ(stored().bans.size(), 2U) << "one ban per target";
  save({port::ServerBanGone{"192.0.2.0/24"}, port::ServerBanGone{"nobody"}});
  const auto bans = stored().bans;
  ASSERT_EQ(bans.size(), 1U);
  EXPECT_EQ(text(bans[0]), text(ban("5f", "again"))) << "the later one counts";
  save({port::PeerGone{"5f"}});
  EXPECT_EQ(stored().bans.size(), 1U) << "a ban outlives its peer";
}

TEST_P(StoreContract, KeepsTheAuditLogInOrder) {
  save({audit(1), audit(2)});
  save({audit(3), audit(10)});
  EXPECT_EQ(ids_of(stored().audit), (Numbers{1, 2, 3, 10}));
  save({audit(10), audit(11)});
  EXPECT_EQ(ids_of(stored().audit), (Numbers{1, 2, 3, 10, 11})) << "written twice: one entry";
}

TEST_P(StoreContract, BoundsTheAuditLog) {
  constexpr std::uint64_t Most = persist::AuditEntries;
  std::vector<port::Record> batch;
  for (std::uint64_t id = 1; id <= Most; ++id) batch.emplace_back(audit(id));
  save(batch);
  EXPECT_EQ(stored().audit.size(), Most);
  batch.clear();
  for (std::uint64_t id = Most + 1; id <= Most + 5; ++id) batch.emplace_back(audit(id));
  save(batch);
  const auto entries = stored().audit;
  ASSERT_EQ(entries.size(), Most);
  EXPECT_EQ(entries.front().id, 6U) << "the oldest go first";
  EXPECT_EQ(entries.back().id, Most + 5);
}

TEST_P(StoreContract, KeepsMessagesInOrderAndDropsTheOldest) {
  save({channel("#x"), channel("#y"), message("#x", 1), message("#x", 2), message("#y", 7),
        message("#x", 5)});
  EXPECT_EQ(numbers_of(stored().messages), (Numbers{1, 2, 5, 7})) << "#x, then #y";
  save({message("#x", 6, 5)});
  EXPECT_EQ(numbers_of(stored().messages), (Numbers{5, 6, 7}))
      << "messages below `first` are dropped";
}

TEST_P(StoreContract, StoresAMessageSavedTwiceOnce) {
  save({channel("#x"), message("#x", 1), message("#x", 2)});
  save({message("#x", 1), message("#x", 2), message("#x", 3)});
  const auto messages = stored().messages;
  EXPECT_EQ(numbers_of(messages), (Numbers{1, 2, 3}));
}

TEST_P(StoreContract, DeletesMailWithItsPeer) {
  save({peer("5f", "ann"), peer("60", "bob"), mail("5f", 1), mail("5f", 2), mail("60", 1)});
  EXPECT_EQ(numbers_of(stored().mail), (Numbers{1, 2, 1}));
  save({mail("5f", 3, 3)});
  EXPECT_EQ(numbers_of(stored().mail), (Numbers{3, 1}));
  save({port::PeerGone{"5f"}});
  EXPECT_EQ(numbers_of(stored().mail), (Numbers{1}));
  save({peer("5f", "ann")});
  EXPECT_EQ(numbers_of(stored().mail), (Numbers{1})) << "it does not come back";
}

TEST_P(StoreContract, ReplacesARecordByANewerOne) {
  auto later = peer("5f", "annie");
  later.away.reset();
  later.blocks.clear();
  later.owned = false;
  save({peer("5f", "ann"), later});
  auto plain = channel("#LOBBY");
  plain.topic.clear();
  plain.ranks.clear();
  plain.bans = {ban("66")};
  save({channel("#Lobby"), port::MemberRecord{"#lobby", "5f", ""}});
  save({plain});
  const auto all = stored();
  EXPECT_EQ(text(all.peers.at(0)), text(later)) << "an emptied field is empty";
  ASSERT_EQ(all.channels.size(), 1U);
  EXPECT_EQ(text(all.channels[0]), text(plain));
  EXPECT_EQ(all.members.size(), 1U) << "its members stay";
}

TEST_P(StoreContract, SavingIsIdempotent) {
  const std::vector<port::Record> batch{peer("5f", "ann"), channel("#x"),
                                        port::MemberRecord{"#x", "5f", ""}, port::PeerGone{"60"}};
  save(batch);
  save(batch);
  const auto all = stored();
  EXPECT_EQ(all.peers.size(), 1U);
  EXPECT_EQ(all.members.size(), 1U);
}

TEST_P(StoreContract, DeletesRecords) {
  save({peer("5f", "ann"), peer("60", "bob"), channel("#x"), channel("#xy"),
        port::MemberRecord{"#x", "5f", "@"}, port::MemberRecord{"#x", "60", ""},
        port::MemberRecord{"#xy", "60", "@"}, message("#x", 1), message("#xy", 1)});
  save({port::PeerGone{"5f"}, port::MemberGone{"#x", "5f"}});
  const auto before = stored();
  EXPECT_EQ(before.peers.size(), 1U);
  EXPECT_EQ(before.members.size(), 2U);
  save({port::ChannelGone{"#x"}});
  const auto all = stored();
  ASSERT_EQ(all.channels.size(), 1U);
  ASSERT_EQ(all.members.size(), 1U) << "only the members of the channel are deleted";
  EXPECT_EQ(all.members[0].channel, "#xy");
  ASSERT_EQ(all.messages.size(), 1U) << "and its log";
  EXPECT_EQ(all.messages[0].channel, "#xy");
}

TEST_P(StoreContract, AFreshRecordDeletesOlderDataOfItsKey) {
  save({peer("5f", "ann"), peer("60", "bob"), channel("#x"), channel("#y"),
        port::MemberRecord{"#x", "5f", "@"}, port::MemberRecord{"#y", "60", "@"}, message("#x", 1),
        message("#y", 1), mail("5f", 1), mail("60", 1)});
  auto ann = peer("5f", "anne");
  auto x = channel("#x");
  ann.fresh = x.fresh = true;
  save({ann, x, port::MemberRecord{"#x", "60", "+"}});
  save({ann, x, port::MemberRecord{"#x", "60", "+"}});
  const auto all = stored();
  EXPECT_EQ(all.peers.size(), 2U);
  EXPECT_FALSE(all.peers[0].fresh);
  EXPECT_EQ(all.channels.size(), 2U);
  ASSERT_EQ(all.members.size(), 2U);
  for (const auto& member : all.members) EXPECT_EQ(member.peer, "60");
  ASSERT_EQ(all.messages.size(), 1U);
  EXPECT_EQ(all.messages[0].channel, "#y");
  ASSERT_EQ(all.mail.size(), 1U);
  EXPECT_EQ(all.mail[0].peer, "60");
}

TEST_P(StoreContract, AppliesRecordsOfABatchInOrder) {
  save({channel("#x"), message("#x", 100), port::ChannelGone{"#x"}, channel("#x"),
        port::MemberRecord{"#x", "5f", ""}, message("#x", 1)});
  const auto all = stored();
  EXPECT_EQ(all.channels.size(), 1U);
  EXPECT_EQ(all.members.size(), 1U);
  EXPECT_EQ(numbers_of(all.messages), (Numbers{1}));
}

TEST_P(StoreContract, StoresALargeBatch) {
  std::vector<port::Record> batch;
  for (int i = 0; i < 5'000; ++i) batch.emplace_back(peer(std::to_string(100'000 + i), "p"));
  batch.emplace_back(port::PeerGone{"100000"});
  save(batch);
  EXPECT_EQ(stored().peers.size(), 4'999U);
}

TEST_P(StoreContract, ReportsItsStatus) {
  save({peer("5f", "ann"), channel("#x")});
  save({});
  const auto status = keeper_->status();
  EXPECT_FALSE(status.kind.empty());
  EXPECT_TRUE(status.ready);
  EXPECT_EQ(status.problem, "");
  EXPECT_EQ(status.written, 2U);
  EXPECT_EQ(status.batches, 2U);
  EXPECT_EQ(status.errors, 0U);
  EXPECT_EQ(status.queued, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Stores, StoreContract,
    testing::Values(StoreKind{"memory", [] { return std::make_unique<MemoryStoreUnderTest>(); }},
                    StoreKind{"redis", [] { return std::make_unique<RedisStoreUnderTest>(); }}),
    [](const auto& named) { return std::string(named.param.name); });
