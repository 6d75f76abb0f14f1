// Redis comes back with older or foreign data: the store makes the data equal to memory.
#include <gtest/gtest.h>

#include "persist/memory_store.hpp"
#include "tests/irc/world_fixture.hpp"
#include "tests/persist/records.hpp"
#include "tests/persist/redis_driver.hpp"
#include "tests/persist/redis_server.hpp"

using namespace signaller;
using namespace signaller::irc;
using signaller::tests::RedisDriver;
using signaller::tests::RedisServer;
using Kind = port::StoreEvent::Kind;

namespace {

class RedisOlder : public WorldTest {
 protected:
  RedisOlder() {
    WorldLimits limits;
    limits.mirrored = true;
    limits.log.messages = 3;
    world.set_limits(limits);
    EXPECT_EQ(driver.load().error, "");
  }
  bool save_some() {
    const ChangeSet changes = world.changes().take(5);
    const bool saved = driver.save(world.changes().records(changes));
    if (saved) world.changes().confirm(changes);
    return saved;
  }
  /// Saves in small batches, as the core does.
  void save() {
    while (!world.changes().empty()) {
      ASSERT_TRUE(save_some());
    }
  }
  void say(Channel& channel, const std::string& line) {
    auto one = *message(world.channel_logs().next_seq(channel), now.unix_ms);
    one.line = line;
    one.msgid = "m-" + line;
    world.channel_logs().add(channel, std::make_shared<const StoredMessage>(one));
  }
  void post(Peer& peer, const std::string& line) {
    auto one = *message(world.mailboxes().next_seq(peer), now.unix_ms);
    one.line = line;
    one.msgid = "m-" + line;
    world.mailboxes().post(peer, std::make_shared<const StoredMessage>(one), false, now);
  }
  Channel& found(const std::string& name) { return *world.find(channel_name(name)); }
  Peer& peer(std::uint32_t n) { return *world.find(id_of(n)); }
  port::AuditRecord& note(const std::string& verb) {
    audit.push_back(tests::audit(audit.size() + 1, verb));
    world.changes().add(audit.back());
    return audit.back();
  }

  /// Creates the state that the backup contains.
  void begin() {
    for (const std::uint32_t n : {1U, 2U, 3U}) add(n);
    for (const std::uint32_t n : {4U, 5U}) add_owned(n);
    world.remove(peer(5), now);
    Channel& x = create("#x", peer(1));
    for (const std::uint32_t n : {2U, 3U, 4U}) world.join(peer(n), x);
    create("#y", peer(2));
    create("#quiet", peer(2));
    for (const char* line : {"one", "two"}) say(x, line);
    say(found("#quiet"), "hush");
    for (const std::uint32_t n : {3U, 4U}) world.suspend(peer(n));
    for (const std::uint32_t n : {3U, 4U}) post(peer(n), "mail");
    world.ban(id_of(90), {id_of(1), "loud", 1, 0});
    world.ban(*port::AddressRange::parse("192.0.2.0/24"), {id_of(1), "loud", 1, 0});
    note("ban");
    save();
  }
  /// Changes the state after the backup.
  void go_on() {
    world.remove(peer(3), now);
    world.leave(peer(2), found("#x"));
    world.leave(peer(2), found("#y"));  // the channel is deleted
    world.edit(found("#x"), now).topic = "later";
    for (const char* line : {"three", "four", "five"}) say(found("#x"), line);
    world.join(add(6), found("#x"));
    create("#z", peer(6));
    say(found("#z"), "first");
    pass(100'000'000);  // longer than the retention of messages
    world.channel_logs().expire(found("#quiet"), now);
    world.attach(peer(4), {{0, 0, 4, 2}, {}});
    world.mailboxes().hand_out(peer(4), now);
    world.unban(id_of(90));
    note("unban");
    save();
  }
  /// Kills Redis and starts it with the backup.
  void restore() {
    server.kill();
    server.put_back();
    server.start();
  }
  port::StoreEvent back() {
    EXPECT_EQ(driver.next_event().kind, Kind::Away);
    return driver.next_event();
  }
  /// Handles an event as the core does.
  void handle(const port::StoreEvent& ready) {
    EXPECT_EQ(ready.kind, Kind::Ready);
    EXPECT_TRUE(ready.incomplete);
    world.changes().mark_all();
    world.changes().mark_leftovers(ready.names);
    for (const auto& entry : audit) world.changes().add(entry);
    save();
  }
  /// Returns what a new server would load if the world were written to an empty store now.
  port::Snapshot memory() {
    world.changes().mark_all();
    for (const auto& entry : audit) world.changes().add(entry);
    persist::MemoryStore store;
    store.save(world.changes().records(world.changes().take()), 1, [](port::Stored) {});
    port::Snapshot all;
    store.load([&](port::Restored restored) { all = std::move(restored.snapshot); });
    return all;
  }
  /// Checks that a new server would load exactly what is in memory.
  void equals_memory() {
    driver.close();
    RedisDriver next(tests::redis_options(server.url(), "boot2"));
    const auto restored = next.load();
    EXPECT_EQ(restored.error, "");
    EXPECT_TRUE(restored.skipped.empty()) << restored.skipped.front();
    EXPECT_EQ(tests::text(restored.snapshot), tests::text(memory()));
    next.close();
  }

  RedisServer server{{"--appendonly", "yes", "--appendfsync", "always"}};
  RedisDriver driver{tests::redis_options(server.url())};
  std::vector<port::AuditRecord> audit;
};

}  // namespace

TEST_F(RedisOlder, ARestoredBackupIsMadeEqualToMemory) {
  begin();
  server.keep_copy();
  go_on();
  restore();
  const auto ready = back();
  EXPECT_EQ(ready.names.peers.size(), 5U);
  EXPECT_EQ(ready.names.channels.size(), 3U);
  EXPECT_EQ(ready.names.members.size(), 6U);
  EXPECT_EQ(ready.names.logs.size(), 2U);
  EXPECT_EQ(ready.names.mail.size(), 2U);
  EXPECT_EQ(ready.names.bans.size(), 2U);
  handle(ready);
  equals_memory();
  EXPECT_EQ(server.ask({"EXISTS", "signaller:log:#quiet", "signaller:channel:#y"}), "0");
  EXPECT_TRUE(driver.warnings.empty()) << driver.warnings.front();
}

/// Redis is killed again during the repair.
TEST_F(RedisOlder, ABackupRestoredTwiceIsMadeEqualToMemory) {
  begin();
  server.keep_copy();
  go_on();
  restore();
  const auto ready = back();
  world.changes().mark_all();
  world.changes().mark_leftovers(ready.names);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(save_some());
  restore();
  handle(back());
  equals_memory();
}

TEST_F(RedisOlder, ForeignDataIsMadeEqualToMemory) {
  begin();
  server.keep_copy();
  go_on();
  restore();
  const std::string ghost = id_of(99).text();
  const persist::Keys keys("signaller:");
  // The value that an earlier start of the server wrote.
  server.tell({"SET", keys.filled(), "boot0 5"});
  server.tell({"DEL", keys.lease()});
  server.tell({"SADD", keys.peers_of(ghost), ghost});
  server.tell({"HSET", keys.peer(ghost), "nick", "ghost", "here", "1", "inbox_epoch", "0badcafe"});
  server.tell({"XADD", keys.mail(ghost), "1-0", "d", "1 m - 0 0 old"});
  server.tell({"SADD", keys.channels_of("#ghosts"), "#ghosts"});
  server.tell({"HSET", keys.channel("#ghosts"), "name", "#ghosts", "m:" + ghost, "@"});
  server.tell({"HSET", keys.channel("#x"), "m:" + ghost, "@"});
  server.tell({"XADD", keys.log("#x"), "77-0", "d", "1 m - 0 0 of another past"});
  server.tell({"XADD", keys.log("#z"), "77-0", "d", "1 m - 0 0 of another past"});
  server.tell({"HSET", keys.bans(), "192.0.2.7", "? 1 0 ", "no address", "? 1 0 "});
  server.tell({"XADD", keys.audit(), "77-0", "verb", "hostile"});
  handle(back());
  handle(driver.next_event());  // the audit log was deleted, so everything is requested once more
  EXPECT_EQ(driver.events.size(), 3U);
  equals_memory();
}

TEST_F(RedisOlder, AnEmptiedRedisIsFilled) {
  begin();
  server.tell({"FLUSHALL"});
  world.edit(found("#x"), now).topic = "later";
  EXPECT_FALSE(driver.save(world.changes().records(world.changes().take())));
  handle(back());
  equals_memory();
}

/// No stream is rewritten if the store has lost nothing.
TEST_F(RedisOlder, ARestartWithoutLossRewritesNoStream) {
  begin();
  server.kill();
  server.start();
  handle(back());
  equals_memory();
}
