// The change log: after failures of the store, the store gets the whole state; during an outage the
// pending changes do not grow.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "tests/irc/world_fixture.hpp"

using namespace signaller;
using namespace signaller::irc;

namespace {

/// The keys in a store, each with the part of its value that tells an older value from a newer one.
class Keys {
 public:
  void apply(const std::vector<port::Record>& records) {
    for (const auto& record : records) std::visit(*this, record);
  }
  void operator()(const port::PeerRecord& one) {
    drop("peer " + one.id + " ");
    all_.insert("peer " + one.id + (one.here ? " here" : " kept"));
  }
  void operator()(const port::PeerGone& one) {
    drop("peer " + one.id + " ");
    drop("mail " + one.id + " ");
  }
  void operator()(const port::ChannelRecord& one) { all_.insert("channel " + one.name); }
  void operator()(const port::ChannelGone& one) {
    all_.erase("channel " + one.channel);
    drop("member " + one.channel + " ");
    drop("log " + one.channel + " ");
  }
  void operator()(const port::MemberRecord& one) {
    drop("member " + one.channel + " " + one.peer);
    all_.insert("member " + one.channel + " " + one.peer + one.rank);
  }
  void operator()(const port::MemberGone& one) { drop("member " + one.channel + " " + one.peer); }
  void operator()(const port::MessageRecord& one) {
    all_.insert("log " + one.channel + " " + one.message.msgid);
  }
  void operator()(const port::MailRecord& one) {
    all_.insert("mail " + one.peer + " " + one.message.msgid);
  }
  void operator()(const port::LogGone& one) { drop("log " + one.channel + " "); }
  void operator()(const port::MailGone& one) { drop("mail " + one.peer + " "); }
  void operator()(const port::BanRecord& one) { all_.insert("ban " + one.whom); }
  void operator()(const port::ServerBanGone& one) { all_.erase("ban " + one.whom); }
  void operator()(const port::AuditRecord& /*one*/) {}
  void operator()(const port::Sealed& /*one*/) {}

  [[nodiscard]] const std::set<std::string>& all() const { return all_; }

 private:
  void drop(const std::string& start) {
    const auto first = all_.lower_bound(start);
    auto last = first;
    while (last != all_.end() && last->compare(0, start.size(), start) == 0) ++last;
    all_.erase(first, last);
  }
  std::set<std::string> all_;
};

/// Random events with few ids and channels, so that each of them recurs.
struct ChangeLogTest : WorldTest {
  ChangeLogTest() {
    WorldLimits limits;
    limits.mirrored = true;
    world.set_limits(limits);
  }
  std::uint32_t pick(std::uint32_t count) {
    return static_cast<std::uint32_t>(random.next() % count);
  }
  std::string message_id() { return std::to_string(++messages_); }
  Peer& any_peer() {
    const std::uint32_t n = 1 + pick(6);
    if (Peer* peer = world.find(id_of(n)); peer != nullptr) return *peer;
    if (world.identities().find(id_of(n)) != nullptr) return bring_back(n);
    return pick(2) == 0 ? add(n) : add_owned(n);
  }
  void come_or_go(Peer& peer) {
    const std::string name = "#c" + std::to_string(pick(3));
    Channel* channel = world.find(channel_name(name));
    if (channel == nullptr) {
      create(name, peer);
    } else if (peer.is_in(*channel)) {
      world.leave(peer, *channel, pick(2) == 0);
    } else {
      world.join(peer, *channel);
    }
  }
  void talk(Peer& peer) {
    if (peer.channels().empty()) return;
    Channel& channel = *peer.channels().front();
    auto sent = std::make_shared<StoredMessage>();
    sent->seq = world.channel_logs().next_seq(channel);
    sent->msgid = message_id();
    sent->time_ms = now.unix_ms;
    world.channel_logs().add(channel, sent);
  }
  void write_to(Peer& peer) {
    auto written = std::make_shared<StoredMessage>();
    written->seq = world.mailboxes().next_seq(peer);
    written->msgid = message_id();
    world.mailboxes().post(peer, written, true, now);
  }
  void ban_or_not(const PeerId& id) {
    if (!world.unban(id)) world.ban(id, Ban{id, {}, now.unix_ms, 0});
  }
  void random_event() {
    pass(10);
    Peer& peer = any_peer();
    switch (pick(8)) {
      case 0:
      case 1:
        return world.remove(peer, now);
      case 2:
        return talk(peer);
      case 3:
        return write_to(peer);
      case 4:
        return ban_or_not(peer.id());
      case 5:
        return world.expire_identities(pick(2) * 200, now);
      default:
        return come_or_go(peer);
    }
  }
  Keys whole_state() {
    Keys keys;
    (void)world.changes().take();
    world.changes().mark_all();
    keys.apply(world.changes().records(world.changes().take()));
    return keys;
  }

 private:
  unsigned messages_ = 0;
};

}  // namespace

TEST_F(ChangeLogTest, RecordsAreFreshUntilConfirmed) {
  Channel& x = create("#x", add(1));
  const auto is_fresh = [](const std::vector<port::Record>& records) {
    std::vector<bool> fresh;
    for (const auto& record : records) {
      if (const auto* peer = std::get_if<port::PeerRecord>(&record)) fresh.push_back(peer->fresh);
      if (const auto* one = std::get_if<port::ChannelRecord>(&record)) fresh.push_back(one->fresh);
    }
    return fresh;
  };
  ChangeSet failed = world.changes().take();
  EXPECT_EQ(is_fresh(world.changes().records(failed)), (std::vector{true, true}));
  world.changes().put_back(std::move(failed));
  const ChangeSet stored = world.changes().take();
  EXPECT_EQ(is_fresh(world.changes().records(stored)), (std::vector{true, true}))
      << "the store has not confirmed";
  world.changes().confirm(stored);
  world.edit(x, now).topic = "new";
  EXPECT_EQ(is_fresh(world.changes().records(world.changes().take())), std::vector{false});
}

TEST_F(ChangeLogTest, StoreEqualsWorldAfterRandomFailures) {
  for (unsigned round = 0; round < 200; ++round) {
    Keys store;
    Keys loaded = whole_state();  // the state at the end of the previous round
    store = loaded;
    for (unsigned batch = 0; batch < 20; ++batch) {
      for (unsigned events = pick(12); events > 0; --events) random_event();
      ChangeSet under_way = world.changes().take(1 + pick(6));
      const auto records = world.changes().records(under_way);
      const std::uint32_t outcome = pick(4);
      // Outcome 0: the store refuses the batch. Outcome 1: it has the batch but reports a failure.
      // Outcomes 2 and 3: it stores the batch.
      if (outcome != 0) store.apply(records);
      for (unsigned events = pick(12); events > 0; --events) random_event();
      if (outcome < 2) world.changes().put_back(std::move(under_way));
    }
    while (!world.changes().empty()) store.apply(world.changes().records(world.changes().take(5)));
    ASSERT_EQ(store.all(), whole_state().all()) << "round " << round;
    step();
  }
}

TEST_F(ChangeLogTest, NothingPendingForPeersNeverStored) {
  Peer& host = add(1);
  Channel& lobby = create("#lobby", host);
  (void)world.changes().take();
  for (std::uint32_t n = 2; n < 50'000; ++n) {
    Peer& visitor = n % 2 == 0 ? add(n) : add_owned(n);
    world.join(visitor, lobby);
    Channel& own = create("#c" + std::to_string(n), visitor);
    write_to(visitor);
    auto sent = std::make_shared<StoredMessage>();
    sent->seq = world.channel_logs().next_seq(own);
    world.channel_logs().add(own, sent);
    ban_or_not(visitor.id());
    ban_or_not(visitor.id());
    world.remove(visitor, now);
    pass(1);
    world.expire_identities(10, now);
  }
  EXPECT_LE(world.changes().size(), 100U);
  EXPECT_EQ(world.changes().pending().ended_peers.size() +
                world.changes().pending().ended_channels.size(),
            0U);
}

TEST_F(ChangeLogTest, StoredPeersAndChannelsAreMarkedAsEnded) {
  Peer& host = add(1);
  Channel& lobby = create("#lobby", host);
  Peer& guest = add(2);
  world.join(guest, lobby);
  world.ban(id_of(9), Ban{id_of(1), {}, 0, 0});
  (void)world.changes().take();
  world.remove(guest, now);
  world.unban(id_of(9));
  EXPECT_EQ(world.changes().pending().ended_peers.size(), 1U);
  EXPECT_EQ(world.changes().pending().members.size(), 1U);
  EXPECT_EQ(world.changes().pending().server_bans.size(), 1U);
  world.remove(host, now);
  EXPECT_EQ(world.changes().pending().ended_channels.size(), 1U);
  EXPECT_TRUE(world.changes().pending().members.empty())
      << "the store deletes them with their channel";
}

TEST_F(ChangeLogTest, QuietLogsAreTakenBesideBusyOnes) {
  constexpr std::size_t Batch = 2'000;  // changes in a batch
  Peer& host = add(1);
  std::vector<Channel*> channels;
  for (int n = 0; n < 200; ++n) channels.push_back(&create("#c" + std::to_string(n), host));
  (void)world.changes().take();
  const auto say_everywhere = [&](int times) {
    for (Channel* channel : channels) {
      for (int n = 0; n < times; ++n)
        world.channel_logs().add(*channel, message(world.channel_logs().next_seq(*channel)));
    }
  };
  say_everywhere(1);
  EXPECT_EQ(world.changes().take(Batch).logs.size(), 200U)
      << "one message of each log fits one batch";

  std::set<std::string> stored;
  for (int round = 0; round < 5; ++round) {
    say_everywhere(20);
    const ChangeSet taken = world.changes().take(Batch);
    EXPECT_LT(world.changes().records(taken).size(), 2U * Batch);
    for (const auto& [name, first] : taken.logs) stored.insert(name);
  }
  EXPECT_EQ(stored.size(), 200U);
}

TEST_F(WorldTest, PendingAuditRecordsAreBounded) {
  constexpr std::uint64_t Entries = 1'500;
  for (std::uint64_t id = 1; id <= Entries; ++id) {
    port::AuditRecord record;
    record.id = id;
    world.changes().add(std::move(record));
  }
  const auto& audit = world.changes().pending().audit;
  EXPECT_LE(audit.size(), 1'000U) << "an outage costs no more memory";
  EXPECT_EQ(audit.back().id, Entries);
  EXPECT_EQ(audit.front().id, Entries - audit.size() + 1);
  const auto records = world.changes().records(world.changes().take());
  EXPECT_EQ(std::get<port::AuditRecord>(records.back()).id, Entries);
}

TEST_F(WorldTest, AuditRecordsOfARefusedBatchKeepOrderAndBound) {
  const auto mark = [this](std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t id = from; id <= to; ++id) {
      port::AuditRecord record;
      record.id = id;
      world.changes().add(std::move(record));
    }
  };
  mark(1, 900);
  ChangeSet refused = world.changes().take();
  mark(901, 1'800);
  world.changes().put_back(std::move(refused));
  const auto& audit = world.changes().pending().audit;
  EXPECT_EQ(audit.back().id, 1'800U);
  for (std::size_t i = 1; i < audit.size(); ++i) ASSERT_EQ(audit[i].id, audit[i - 1].id + 1);
  EXPECT_LE(audit.size(), 1'000U);
}
