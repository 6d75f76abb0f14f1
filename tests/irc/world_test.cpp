#include "irc/world.hpp"

#include <gtest/gtest.h>

#include "irc/events.hpp"
#include "tests/irc/world_fixture.hpp"

using namespace signaller;
using namespace signaller::irc;

TEST_F(WorldTest, FindsPeersByIdNickAndPrefix) {
  Peer& ann = add(0xaa, {"Ann", "", ""});
  EXPECT_EQ(world.find(id_of(0xaa)), &ann);
  EXPECT_EQ(world.find(nick("aNN")), &ann);
  EXPECT_EQ(world.resolve(*parse_peer_ref("5f0c3e*")).peer, &ann);
  EXPECT_EQ(world.resolve(*parse_peer_ref("5f0c3f*")).peer, nullptr);
  for (std::uint32_t n = 1; n <= 7; ++n) add(n);
  const auto several = world.resolve(*parse_peer_ref("5f0c*"));
  EXPECT_EQ(several.peer, nullptr);
  EXPECT_EQ(several.candidates.size(), World::MaxCandidates);
  EXPECT_EQ(several.candidates.front(), id_of(1));
}

TEST_F(WorldTest, NickIsFreeAfterRenamingOrLeaving) {
  Peer& ann = add(1, {"ann", "", ""});
  world.describe(ann, {"annie", "", ""}, now);
  EXPECT_EQ(world.find(nick("ann")), nullptr);
  EXPECT_EQ(world.find(nick("annie")), &ann);
  world.remove(ann, now);
  EXPECT_EQ(world.find(nick("annie")), nullptr);
}

TEST_F(WorldTest, ChannelEndsWithItsLastMember) {
  Peer& ann = add(1);
  Peer& bob = add(2);
  const std::string written = "#Lobby";
  Channel& lobby = create(written, ann);
  const auto topic_id = lobby.topic_id();
  world.join(bob, lobby);
  EXPECT_EQ(lobby.rank_of(ann.id()), Rank::Operator);
  EXPECT_EQ(world.find(channel_name("#LOBBY")), &lobby);
  EXPECT_FALSE(world.leave(ann, lobby));
  EXPECT_TRUE(lobby.ranked().empty());
  EXPECT_TRUE(world.leave(bob, lobby));
  EXPECT_EQ(world.find(channel_name("#lobby")), nullptr);
  EXPECT_EQ(create("#other", bob).topic_id(), topic_id);
}

TEST_F(WorldTest, CountsFormsOfMembers) {
  Caps tagged;
  tagged.tags = true;
  Peer& ann = add(1);
  Peer& bob = add(2, {}, tagged);
  Channel& channel = create("#x", ann);
  world.join(bob, channel);
  EXPECT_EQ(channel.audience(), (FormCounts{1, 1}));
  EXPECT_EQ(world.audience(), (FormCounts{1, 1}));
  world.remove(bob, now);
  EXPECT_EQ(channel.audience(), (FormCounts{1, 0}));
}

TEST_F(WorldTest, ReservesSequenceNumbersAhead) {
  Peer& ann = add(1);
  Channel& channel = create("#x", ann);
  world.changes().take();
  EXPECT_EQ(world.channel_logs().next_seq(channel), 1U);
  const ChangeSet changes = world.changes().take();
  const auto records = world.changes().records(changes);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_GE(std::get<port::ChannelRecord>(records[0]).seq, 1U);
  for (int i = 0; i < 500; ++i) world.channel_logs().next_seq(channel);
  EXPECT_TRUE(world.changes().empty()) << "reserved numbers need no write";
  EXPECT_EQ(world.channel_logs().next_seq(channel), 502U);
  EXPECT_FALSE(world.changes().empty()) << "the next range is reserved at half of this one";
}

TEST_F(WorldTest, RecordsHoldTheWholeStateOfEachKey) {
  Peer& ann = add(1, {"ann", "Ann", "{\"a\":1}"});
  Channel& channel = create("#X", ann);
  world.edit(channel, now).topic = "t";
  world.edit(ann, now).away = "out";
  const auto records = world.changes().records(world.changes().take());
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(std::get<port::PeerRecord>(records[0]).away, "out");
  EXPECT_EQ(std::get<port::ChannelRecord>(records[1]).name, "#X");
  EXPECT_EQ(std::get<port::MemberRecord>(records[2]).channel, "#x");
  EXPECT_EQ(std::get<port::MemberRecord>(records[2]).rank, "@");
  world.remove(ann, now);
  const auto gone = world.changes().records(world.changes().take());
  ASSERT_EQ(gone.size(), 2U) << "the store deletes the members with the channel";
  EXPECT_EQ(std::get<port::PeerGone>(gone[0]).id, id_of(1).text());
  EXPECT_EQ(std::get<port::ChannelGone>(gone[1]).channel, "#x");
}

TEST_F(WorldTest, RendersEventsAsLines) {
  Peer& ann = add(0xaa, {"ann", "", ""});
  Peer& bob = add(0xbb);
  Channel& x = create("#x", ann);
  const std::string a = ":ann!" + ann.id().text();
  const std::string b = bob.id().text();
  EXPECT_EQ(line_of(Joined{ann, x}).plain(), a + " JOIN #x");
  EXPECT_EQ(line_of(Parted{ann, x, ""}).plain(), a + " PART #x");
  EXPECT_EQ(line_of(Parted{ann, x, "so"}).plain(), a + " PART #x :so");
  EXPECT_EQ(line_of(Quit{ann, "so"}).plain(), a + " QUIT :so");
  EXPECT_EQ(line_of(AwayChanged{ann}).plain(), a + " AWAY :");
  EXPECT_EQ(line_of(Kicked{ann, x, bob, "so"}).plain(), a + " KICK #x " + b + " :so");
  EXPECT_EQ(line_of(Renamed{ann, "annie"}).plain(), a + " NICK annie");
  EXPECT_EQ(line_of(Described{bob}).plain(), ":" + b + " DESCP " + b + " :{\"id\":\"" + b +
                                                 "\",\"nick\":null,\"name\":null,\"info\":{}}");
  EXPECT_EQ(line_of(ChannelMessage{ann, x, ":)"}).plain(), a + " PUBMSG #x ::)");
  EXPECT_EQ(line_of(PrivateMessage{ann, bob, "hi"}).plain(), a + " PRIVMSG " + b + " :hi");
  EXPECT_EQ(line_of(Broadcasted{ann, "hi"}).plain(), a + " BROADCAST * :hi");
  EXPECT_EQ(line_of(TopicChanged{ann, x}).plain(), a + " TOPIC #x :");
  EXPECT_EQ(line_of(MemberCount{"s", x}).plain(), ":s COUNT #x 1");
}

TEST_F(WorldTest, CountsMessagesOfBlockedPeers) {
  Peer& ann = add(1);
  world.edit(ann, now).blocks[id_of(2)] = 0;
  EXPECT_EQ(world.count_blocked_message(ann, id_of(2)), 1U);
  EXPECT_EQ(world.count_blocked_message(ann, id_of(2)), 2U);
  EXPECT_EQ(ann.inbox_seq(), 0U);
}

TEST_F(WorldTest, KeepsTheConfiguredNumberOfLabels) {
  WorldLimits limits;
  limits.labels = 2;
  world.set_limits(limits);
  Peer& ann = add(1);
  EXPECT_EQ(ann.label_cache(), nullptr);
  for (const std::uint64_t n : {1U, 2U, 3U}) {
    world.remember(ann, std::to_string(n), {"#x", "", n}, now);
  }
  EXPECT_EQ(ann.label_cache()->find("1", now.steady_ms, 1'000), nullptr);
  EXPECT_EQ(ann.label_cache()->find("3", now.steady_ms, 1'000)->seq, 3U);
}

TEST_F(WorldTest, PersistentChannelStaysWhenEmpty) {
  Peer& ann = add(1);
  Channel& x = create("#x", ann);
  const auto topic = x.topic_id();
  world.edit(x, now).modes.persistent = true;
  EXPECT_FALSE(world.leave(ann, x));
  step();
  EXPECT_EQ(world.find(channel_name("#X")), &x);
  EXPECT_NE(create("#y", ann).topic_id(), topic);
  EXPECT_FALSE(world.drop_if_empty(x));
  world.edit(x, now).modes.persistent = false;
  EXPECT_TRUE(world.drop_if_empty(x));
  step();
  EXPECT_EQ(world.find(channel_name("#x")), nullptr);
  EXPECT_EQ(create("#z", ann).topic_id(), topic) << "the topic is reused";
}

TEST_F(WorldTest, KeepsChannelsWithMembers) {
  Channel& x = create("#x", add(1));
  EXPECT_FALSE(world.drop_if_empty(x));
  EXPECT_EQ(world.channels().size(), 1U);
}

// The invariants hold after each step of a random history.
class WorldHistory : public testing::TestWithParam<std::uint64_t> {};

TEST_P(WorldHistory, KeepsItsInvariants) {
  tests::Seeded random(GetParam());
  port::TopicNumbers numbers;
  World world{numbers};
  const port::Instant now{1'700'000'000'000, 0};
  const std::vector<std::string> names{"#a", "#B", "#c", "#dd", "#e5"};
  const std::vector<std::string> nicks{"", "ann", "Bob", "cat-1"};
  for (int step = 0; step < 600; ++step) {
    const auto id = id_of(static_cast<std::uint32_t>(random.below(12)));
    const auto name = channel_name(names[random.below(names.size())]);
    Peer* peer = world.find(id);
    Channel* channel = world.find(name);
    const bool member = peer != nullptr && channel != nullptr && peer->is_in(*channel);
    const std::string& wanted = nicks[random.below(nicks.size())];
    const bool free = wanted.empty() || world.find(nick(wanted)) == nullptr;
    const Profile profile{free ? wanted : "", "n", "{}"};
    if (peer == nullptr) {
      Caps caps;
      caps.tags = random.below(2) == 0;
      Claim claim;
      claim.owned = random.below(2) == 0;
      if (const auto* before = world.identities().find(id)) claim = before->claim;
      world.add(id, {{0, 0, 1, 1}, caps}, claim, profile, random, now);
    } else if (random.below(10) == 0) {
      world.remove(*peer, now);
    } else if (random.below(4) == 0) {
      world.describe(*peer, profile, now);
    } else if (channel == nullptr) {
      world.create(name, *peer, {}, random, now);
    } else if (member && random.below(2) == 0) {
      world.set_rank(*channel, id, static_cast<Rank>(random.below(3)), now);
    } else if (member) {
      world.leave(*peer, *channel, random.below(4) == 0);
    } else {
      world.join(*peer, *channel);
    }
    ASSERT_EQ(world.check(), "") << "after step " << step;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, WorldHistory, testing::Range<std::uint64_t>(1, 21));
