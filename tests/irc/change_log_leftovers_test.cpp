// Data in the store that the world does not have is marked for deletion.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/irc/world_fixture.hpp"

using namespace signaller;
using namespace signaller::irc;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

namespace {

struct LeftoversTest : WorldTest {
  LeftoversTest() {
    WorldLimits limits;
    limits.mirrored = true;
    world.set_limits(limits);
    Peer& ann = add(1);
    add_owned(2);
    world.remove(*world.find(id_of(2)), now);
    Channel& x = create("#x", ann);
    world.channel_logs().add(x, message(world.channel_logs().next_seq(x)));
    create("#quiet", ann);
    world.changes().take();
  }
};

port::AuditRecord entry(std::uint64_t id) {
  port::AuditRecord record;
  record.id = id;
  return record;
}

std::vector<std::uint64_t> ids_of(const std::vector<port::AuditRecord>& entries) {
  std::vector<std::uint64_t> ids;
  for (const auto& one : entries) ids.push_back(one.id);
  return ids;
}

}  // namespace

TEST_F(LeftoversTest, KeepsStoredThingsThatExist) {
  port::StoredNames names;
  names.peers = {id_of(1).text(), id_of(2).text(), "no id"};
  names.channels = {"#x", "#quiet"};
  names.members = {{"#x", id_of(1).text()}, {"#x", "no id"}, {"#gone", id_of(1).text()}};
  names.logs = {"#x", "#gone"};
  names.mail = {"no id"};
  world.changes().mark_leftovers(names);
  EXPECT_TRUE(world.changes().empty());
}

TEST_F(LeftoversTest, LaterEndOfAStoredThingIsMarked) {
  Peer& bob = add(4);
  world.join(bob, *world.find(channel_name("#x")));
  create("#new", bob);
  Ban ban{id_of(1), {}, 0, 0};
  world.ban(id_of(9), ban);
  port::StoredNames names;
  names.peers = {id_of(4).text()};
  names.channels = {"#new"};
  names.members = {{"#x", id_of(4).text()}};
  names.bans = {id_of(9).text()};
  world.changes().mark_leftovers(names);
  world.remove(bob, now);
  world.unban(id_of(9));
  EXPECT_EQ(world.changes().pending().ended_peers.count(id_of(4)), 1U);
  EXPECT_EQ(world.changes().pending().ended_channels.count("#new"), 1U);
  EXPECT_EQ(world.changes().pending().members.count({"#x", id_of(4)}), 1U);
  EXPECT_EQ(world.changes().pending().server_bans.count(id_of(9).text()), 1U);
}

TEST_F(LeftoversTest, MarksStoredThingsThatDoNotExist) {
  port::StoredNames names;
  names.peers = {id_of(3).text()};
  names.channels = {"#gone"};
  names.members = {{"#x", id_of(3).text()}};
  names.logs = {"#quiet"};
  names.mail = {id_of(1).text(), id_of(2).text()};
  names.bans = {"192.0.2.1"};
  world.changes().mark_leftovers(names);
  EXPECT_THAT(world.changes().pending().ended_peers, ElementsAre(id_of(3)));
  EXPECT_THAT(world.changes().pending().ended_channels, ElementsAre("#gone"));
  EXPECT_THAT(world.changes().pending().members, ElementsAre(Pair("#x", id_of(3))));
  const auto records = world.changes().records(world.changes().take());
  std::vector<std::string> gone;
  for (const auto& record : records) {
    if (const auto* log = std::get_if<port::LogGone>(&record)) gone.push_back(log->channel);
    if (const auto* mail = std::get_if<port::MailGone>(&record)) gone.push_back(mail->peer);
    if (const auto* ban = std::get_if<port::ServerBanGone>(&record)) gone.push_back(ban->whom);
    if (const auto* one = std::get_if<port::MemberGone>(&record)) gone.push_back(one->channel);
  }
  EXPECT_THAT(gone, ElementsAre("#x", "192.0.2.1", "#quiet", id_of(1).text(), id_of(2).text()));
  EXPECT_EQ(records.size(), 7U);
}

/// The store returns with lost data: all audit records are added again, although some are pending
/// and a batch is put back.
TEST_F(LeftoversTest, AuditRecordsStayInOrder) {
  for (std::uint64_t id = 7; id <= 8; ++id) world.changes().add(entry(id));
  ChangeSet under_way = world.changes().take();
  world.changes().add(entry(9));
  world.changes().mark_all();
  for (std::uint64_t id = 6; id <= 9; ++id) world.changes().add(entry(id));
  EXPECT_EQ(ids_of(world.changes().pending().audit), (std::vector<std::uint64_t>{6, 7, 8, 9}));
  world.changes().put_back(std::move(under_way));
  EXPECT_EQ(ids_of(world.changes().pending().audit), (std::vector<std::uint64_t>{6, 7, 8, 9}));
}
