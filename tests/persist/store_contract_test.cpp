// What every store promises. A store is added by adding how it is made.
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "persist/memory_store.hpp"

using namespace signaller;

namespace {

struct StoreKind {
  const char* name;
  std::function<std::unique_ptr<port::Store>()> make;
};

class StoreContract : public testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override {
    store = GetParam().make();
    EXPECT_TRUE(store->load().peers.empty());
  }
  void save(std::vector<port::Record> records) {
    int answers = 0;
    store->save(std::move(records), ++token, [&](port::Stored stored) {
      ++answers;
      EXPECT_EQ(stored.token, token);
      EXPECT_TRUE(stored.ok);
    });
    EXPECT_EQ(answers, 1) << "done is called exactly once";
  }

  std::unique_ptr<port::Store> store;
  std::uint64_t token = 0;
};

port::PeerRecord peer(std::string id, std::string nick) {
  port::PeerRecord record;
  record.id = std::move(id);
  record.nick = std::move(nick);
  record.away = "out";
  record.info = "{\"a\":1.10}";
  record.created_ms = 1;
  record.updated_ms = 2;
  return record;
}
port::ChannelRecord channel(std::string name) {
  port::ChannelRecord record;
  record.name = std::move(name);
  record.topic = "t";
  record.seq = 1000;
  return record;
}

}  // namespace

TEST_P(StoreContract, GivesBackWhatWasSaved) {
  save({peer("5f", "ann"), channel("#Lobby"), port::MemberRecord{"#lobby", "5f", "@"}});
  const auto all = store->load();
  ASSERT_EQ(all.peers.size(), 1U);
  EXPECT_EQ(all.peers[0].nick, "ann");
  EXPECT_EQ(all.peers[0].away, "out");
  EXPECT_EQ(all.peers[0].info, "{\"a\":1.10}");
  ASSERT_EQ(all.channels.size(), 1U);
  EXPECT_EQ(all.channels[0].name, "#Lobby");
  EXPECT_EQ(all.channels[0].seq, 1000U);
  ASSERT_EQ(all.members.size(), 1U);
  EXPECT_EQ(all.members[0].rank, "@");
}

TEST_P(StoreContract, ANewerRecordTakesThePlaceOfTheOlder) {
  save({peer("5f", "ann"), peer("5f", "annie")});
  save({channel("#Lobby"), channel("#LOBBY")});
  EXPECT_EQ(store->load().peers.at(0).nick, "annie");
  ASSERT_EQ(store->load().channels.size(), 1U);
  EXPECT_EQ(store->load().channels[0].name, "#LOBBY");
}

TEST_P(StoreContract, SavingTwiceDoesNoHarm) {
  const std::vector<port::Record> batch{peer("5f", "ann"), channel("#x"),
                                        port::MemberRecord{"#x", "5f", ""}, port::PeerGone{"60"}};
  save(batch);
  save(batch);
  EXPECT_EQ(store->load().peers.size(), 1U);
  EXPECT_EQ(store->load().members.size(), 1U);
}

TEST_P(StoreContract, WhatIsGoneIsGone) {
  save({peer("5f", "ann"), peer("60", "bob"), channel("#x"), channel("#xy"),
        port::MemberRecord{"#x", "5f", "@"}, port::MemberRecord{"#x", "60", ""},
        port::MemberRecord{"#xy", "60", "@"}});
  save({port::PeerGone{"5f"}, port::MemberGone{"#x", "5f"}});
  EXPECT_EQ(store->load().peers.size(), 1U);
  EXPECT_EQ(store->load().members.size(), 2U);
  save({port::ChannelGone{"#x"}});
  const auto all = store->load();
  ASSERT_EQ(all.channels.size(), 1U);
  ASSERT_EQ(all.members.size(), 1U) << "a channel takes its members along, and no others";
  EXPECT_EQ(all.members[0].channel, "#xy");
}

TEST_P(StoreContract, RecordsOfABatchTakeEffectInOrder) {
  save({channel("#x"), port::ChannelGone{"#x"}, channel("#x"), port::MemberRecord{"#x", "5f", ""}});
  EXPECT_EQ(store->load().channels.size(), 1U);
  EXPECT_EQ(store->load().members.size(), 1U);
}

TEST_P(StoreContract, BytesComeBackAsTheyWent) {
  const std::string odd("a b\r\n\"'\\\0\xff $1 *3", 17);
  auto record = peer("5f", "ann");
  record.name = odd;
  record.away = std::string(64 * 1024, 'x');
  save({record});
  EXPECT_EQ(store->load().peers.at(0).name, odd);
  EXPECT_EQ(store->load().peers.at(0).away->size(), 64U * 1024);
}

TEST_P(StoreContract, SaysHowItIs) {
  save({peer("5f", "ann"), channel("#x")});
  const auto status = store->status();
  EXPECT_FALSE(status.kind.empty());
  EXPECT_TRUE(status.ready);
  EXPECT_EQ(status.records, 2U);
  EXPECT_EQ(status.written, 2U);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract,
                         testing::Values(StoreKind{
                             "memory", [] { return std::make_unique<persist::MemoryStore>(); }}),
                         [](const auto& named) { return std::string(named.param.name); });
