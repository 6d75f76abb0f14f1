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

// Records with something in every field, so that one that is lost is missed.

port::PeerRecord peer(std::string id, std::string nick) {
  port::PeerRecord record;
  record.id = std::move(id);
  record.nick = std::move(nick);
  record.name = "Ann A.";
  record.info = "{\"a\":1.10}";
  record.away = "out";
  record.secret = std::string(64, 'a');
  record.tenure = 0xfedcba9876543210ULL;
  record.owned = true;
  record.here = true;
  record.dm = "shared";
  record.blocks = {"60", "61"};
  record.resume_ms = 90'000;
  record.seen_ms = 3;
  record.created_ms = 1;
  record.updated_ms = 2;
  return record;
}
port::BanRecord ban(std::string whom, std::string reason = "too loud") {
  return {std::move(whom), "5f", std::move(reason), 1'700'000'000'000, 1'700'000'060'000};
}
port::ChannelRecord channel(std::string name) {
  port::ChannelRecord record;
  record.name = std::move(name);
  record.topic = "t";
  record.creator = "5f";
  record.creator_tenure = 7;
  record.epoch = "0badcafe";
  record.seq = 1000;
  record.token = std::string(64, 'b');
  record.modes = "+HPS 5 10";
  record.title = "The lobby";
  record.descp = "where one comes in";
  record.info = "{\"b\":[]}";
  record.ranks = {{"60", "@", 8, 0}, {"61", "+", 9, 0}};
  record.mutes = {{"62", "", 0, 1'700'000'000'000}};
  record.invites = {{"63", "", 0, 1'700'000'000'001}};
  record.bans = {ban("64"), ban("65", "")};
  record.created_ms = 1;
  record.updated_ms = 2;
  return record;
}
port::AuditRecord audit(std::uint64_t id, std::string verb = "kick") {
  port::AuditRecord record;
  record.id = id;
  record.unix_ms = 1'700'000'000'000;
  record.actor = "5f";
  record.operator_name = "root";
  record.verb = std::move(verb);
  record.target = "#x,60";
  record.reason = "too loud";
  record.before = "@";
  record.after = "+";
  return record;
}

// How a record reads, whole: two that read the same are equal.

std::string text(const std::string& value) {
  return std::to_string(value.size()) + ':' + value + ' ';
}
std::string text(std::int64_t value) {
  return std::to_string(value) + ' ';
}
std::string text(const port::BanRecord& one) {
  return text(one.whom) + text(one.by) + text(one.reason) + text(one.set_ms) + text(one.until_ms);
}
std::string text(const port::StandingRecord& one) {
  return text(one.peer) + text(one.rank) + std::to_string(one.tenure) + ' ' + text(one.until_ms);
}
template <class One>
std::string text(const std::vector<One>& all) {
  std::string out = "[";
  for (const auto& one : all) out += text(one);
  return out + "] ";
}
std::string text(const port::PeerRecord& one) {
  return text(one.id) + text(one.nick) + text(one.name) + text(one.info) +
         (one.away ? text(*one.away) : "- ") + text(one.secret) + std::to_string(one.tenure) +
         (one.owned ? " owned " : " ") + (one.here ? "here " : "gone ") + text(one.dm) +
         text(one.blocks) + text(one.resume_ms) + text(one.seen_ms) + text(one.created_ms) +
         text(one.updated_ms);
}
std::string text(const port::ChannelRecord& one) {
  return text(one.name) + text(one.topic) + text(one.creator) + std::to_string(one.creator_tenure) +
         ' ' + text(one.epoch) + std::to_string(one.seq) + ' ' + text(one.token) + text(one.modes) +
         text(one.title) + text(one.descp) + text(one.info) + text(one.ranks) + text(one.mutes) +
         text(one.invites) + text(one.bans) + text(one.created_ms) + text(one.updated_ms);
}
std::string text(const port::AuditRecord& one) {
  return std::to_string(one.id) + ' ' + text(one.unix_ms) + text(one.actor) +
         text(one.operator_name) + text(one.verb) + text(one.target) + text(one.reason) +
         text(one.before) + text(one.after);
}

std::vector<std::uint64_t> ids_of(const std::vector<port::AuditRecord>& entries) {
  std::vector<std::uint64_t> ids;
  for (const auto& entry : entries) ids.push_back(entry.id);
  return ids;
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

TEST_P(StoreContract, LosesNoField) {
  port::PeerRecord plain;
  plain.id = "60";
  port::ChannelRecord empty;
  empty.name = "#y";
  save({peer("5f", "ann"), plain, channel("#x"), empty, ban("5f"), ban("192.0.2.0/24", ""),
        audit(7)});
  const auto all = store->load();
  ASSERT_EQ(all.peers.size(), 2U);
  ASSERT_EQ(all.channels.size(), 2U);
  ASSERT_EQ(all.bans.size(), 2U);
  ASSERT_EQ(all.audit.size(), 1U);
  const bool ann_first = all.peers[0].id == "5f";
  EXPECT_EQ(text(all.peers[ann_first ? 0 : 1]), text(peer("5f", "ann")));
  EXPECT_EQ(text(all.peers[ann_first ? 1 : 0]), text(plain)) << "what is empty stays empty";
  const bool x_first = all.channels[0].name == "#x";
  EXPECT_EQ(text(all.channels[x_first ? 0 : 1]), text(channel("#x")));
  EXPECT_EQ(text(all.channels[x_first ? 1 : 0]), text(empty));
  const bool id_first = all.bans[0].whom == "5f";
  EXPECT_EQ(text(all.bans[id_first ? 0 : 1]), text(ban("5f")));
  EXPECT_EQ(text(all.bans[id_first ? 1 : 0]), text(ban("192.0.2.0/24", "")));
  EXPECT_EQ(text(all.audit[0]), text(audit(7)));
}

TEST_P(StoreContract, BansOfTheServerAreLifted) {
  save({ban("5f"), ban("192.0.2.0/24"), ban("5f", "again")});
  ASSERT_EQ(store->load().bans.size(), 2U) << "one for each whom";
  save({port::ServerBanGone{"192.0.2.0/24"}, port::ServerBanGone{"nobody"}});
  const auto bans = store->load().bans;
  ASSERT_EQ(bans.size(), 1U);
  EXPECT_EQ(text(bans[0]), text(ban("5f", "again"))) << "the later one counts";
  save({port::PeerGone{"5f"}});
  EXPECT_EQ(store->load().bans.size(), 1U) << "a ban outlives its peer";
}

TEST_P(StoreContract, TheAuditLogIsInOrder) {
  save({audit(3), audit(1)});
  save({audit(10), audit(2)});
  EXPECT_EQ(ids_of(store->load().audit), (std::vector<std::uint64_t>{1, 2, 3, 10}));
  save({audit(2, "ban")});
  const auto entries = store->load().audit;
  ASSERT_EQ(entries.size(), 4U) << "written twice: one entry";
  EXPECT_EQ(entries[1].verb, "ban");
}

TEST_P(StoreContract, TheAuditLogIsBounded) {
  constexpr std::uint64_t Most = persist::AuditEntries;
  for (std::uint64_t id = 1; id <= Most; ++id) save({audit(id)});
  EXPECT_EQ(store->load().audit.size(), Most);
  std::vector<port::Record> batch;
  for (std::uint64_t id = Most + 1; id <= Most + 5; ++id) batch.emplace_back(audit(id));
  save(batch);
  const auto entries = store->load().audit;
  ASSERT_EQ(entries.size(), Most);
  EXPECT_EQ(entries.front().id, 6U) << "the oldest go first";
  EXPECT_EQ(entries.back().id, Most + 5);
  EXPECT_EQ(store->status().records, Most);
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
