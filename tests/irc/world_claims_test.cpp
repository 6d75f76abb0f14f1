// Claims to ids, and the state that returns with an owned id: ranks, the creator's right, settings.
#include "irc/world.hpp"

#include <gtest/gtest.h>

#include "tests/irc/world_fixture.hpp"

using namespace signaller;
using namespace signaller::irc;

TEST_F(WorldTest, EachOwnerHasItsOwnGeneration) {
  Peer& first = add(1);
  const auto owner_generation = first.claim().owner_generation;
  EXPECT_NE(owner_generation, 0U);
  EXPECT_FALSE(world.owner_generation_of(id_of(1))) << "the id is not owned";
  world.own(first);
  EXPECT_EQ(world.owner_generation_of(id_of(1)), owner_generation);
  EXPECT_FALSE(world.owner_generation_of(id_of(2)));
  Peer& plain = add(2);
  const auto before = plain.claim().owner_generation;
  world.remove(plain, now);
  EXPECT_NE(add(2).claim().owner_generation, before);
}

TEST_F(WorldTest, OwnedIdKeepsAnIdentity) {
  Peer& ann = add_owned(1);
  const auto created = ann.created_ms();
  const auto owner_generation = ann.claim().owner_generation;
  world.edit(ann, now).blocks[id_of(9)] = 0;
  world.edit(ann, now).direct_messages = DirectMessages::Shared;
  world.edit(ann, now).away = "out";
  pass(5'000);
  world.remove(ann, now);
  step();
  const Identity* identity = world.identities().find(id_of(1));
  ASSERT_NE(identity, nullptr);
  EXPECT_EQ(identity->seen_ms, now.unix_ms);
  EXPECT_EQ(world.owner_generation_of(id_of(1)), owner_generation);
  Peer& back = bring_back(1);
  EXPECT_EQ(world.identities().find(id_of(1)), nullptr)
      << "a peer and an identity never share an id";
  EXPECT_EQ(back.claim().owner_generation, owner_generation);
  EXPECT_EQ(back.created_ms(), created);
  EXPECT_TRUE(back.has_blocked(id_of(9)));
  EXPECT_EQ(back.state().direct_messages, DirectMessages::Shared);
  EXPECT_FALSE(back.away()) << "a new session is not away";
}

TEST_F(WorldTest, PlainIdKeepsNothing) {
  Peer& ann = add(1);
  world.edit(ann, now).blocks[id_of(9)] = 0;
  world.remove(ann, now);
  EXPECT_EQ(world.identities().size(), 0U);
  EXPECT_FALSE(add(1).has_blocked(id_of(9)));
}

TEST_F(WorldTest, OwnedIdGetsItsRankBack) {
  Channel& x = create("#x", add(9));
  for (const auto rank : {Rank::Voice, Rank::Operator}) {
    Peer& ann = add_owned(1);
    world.join(ann, x);
    world.set_rank(x, ann.id(), rank, now);
    world.leave(ann, x);
    step();
    EXPECT_EQ(x.rank_of(id_of(1)), Rank::None);
    EXPECT_EQ(world.rank_or_kept(x, id_of(1)), rank);
    world.remove(ann, now);
    Peer& back = bring_back(1);
    world.join(back, x);
    step();
    EXPECT_EQ(x.rank_of(id_of(1)), rank);
    EXPECT_TRUE(x.state().kept.empty()) << "the member has the rank now";
    world.leave(back, x, true);
    EXPECT_TRUE(x.state().kept.empty()) << "the rank is not kept";
    world.remove(back, now);
    world.expire_identities(0, now);
  }
}

TEST_F(WorldTest, PlainIdLosesItsRankOnLeaving) {
  Channel& x = create("#x", add(9));
  Peer& bob = add(2);
  world.join(bob, x);
  world.set_rank(x, bob.id(), Rank::Operator, now);
  world.leave(bob, x);
  EXPECT_EQ(world.rank_or_kept(x, id_of(2)), Rank::None);
  world.join(bob, x);
  EXPECT_EQ(x.rank_of(id_of(2)), Rank::None);
}

TEST_F(WorldTest, NextOwnerDoesNotInheritARank) {
  Channel& x = create("#x", add(9));
  Peer& ann = add_owned(1);
  world.join(ann, x);
  world.set_rank(x, ann.id(), Rank::Operator, now);
  world.remove(ann, now);
  world.expire_identities(0, now);  // the identity stays, because the channel keeps a rank for it
  ASSERT_EQ(world.identities().size(), 1U);
  WorldLimits none = world.limits();
  none.identities = 0;
  world.set_limits(none);
  world.expire_identities(0, now);  // above the limit: the identity is removed, its kept rank stays
  ASSERT_EQ(world.identities().size(), 0U);
  Peer& other = add_owned(1);
  EXPECT_EQ(world.rank_or_kept(x, other.id()), Rank::None);
  world.join(other, x);
  step();
  EXPECT_EQ(x.rank_of(other.id()), Rank::None);
}

TEST_F(WorldTest, CreatorIsOperatorAgainOnJoining) {
  Peer& ann = add_owned(1);
  Channel& x = create("#x", ann);
  world.join(add(2), x);
  world.leave(ann, x, true);
  EXPECT_EQ(world.rank_or_kept(x, ann.id()), Rank::Operator);
  world.join(ann, x);
  EXPECT_EQ(x.rank_of(ann.id()), Rank::Operator);
  world.set_rank(x, ann.id(), Rank::None, now);
  world.leave(ann, x);
  world.join(ann, x);
  EXPECT_EQ(x.rank_of(ann.id()), Rank::None) << "/deop ended the right";
}

TEST_F(WorldTest, CreatorWithoutOwnedIdHasNoRight) {
  Peer& ann = add(1);
  Channel& x = create("#x", ann);
  world.join(add(2), x);
  world.remove(ann, now);
  Peer& other = add_owned(1);
  world.join(other, x);
  EXPECT_EQ(x.rank_of(other.id()), Rank::None);
}

TEST_F(WorldTest, AbsentIdsGetRanksOnlyIfOwned) {
  Channel& x = create("#x", add(9));
  world.remove(add_owned(1), now);
  add(2);
  world.set_rank(x, id_of(1), Rank::Voice, now);
  world.set_rank(x, id_of(2), Rank::Voice, now);
  world.set_rank(x, id_of(3), Rank::Voice, now);
  step();
  EXPECT_EQ(x.state().kept.size(), 1U);
  EXPECT_EQ(world.rank_or_kept(x, id_of(1)), Rank::Voice);
  world.set_rank(x, id_of(1), Rank::None, now);
  EXPECT_EQ(world.rank_or_kept(x, id_of(1)), Rank::None);
  EXPECT_TRUE(x.state().kept.empty());
}

TEST_F(WorldTest, KeptRanksAreBounded) {
  WorldLimits limits;
  limits.standings = 2;
  world.set_limits(limits);
  Channel& x = create("#x", add(9));
  for (std::uint32_t n = 1; n <= 3; ++n) {
    Peer& peer = add_owned(n);
    world.join(peer, x);
    world.set_rank(x, peer.id(), Rank::Voice, now);
    world.leave(peer, x);
  }
  EXPECT_EQ(x.state().kept.size(), 2U);
}

TEST_F(WorldTest, SuspendedPeerLosesOnlyItsConnection) {
  Caps tagged;
  tagged.tags = true;
  Peer& ann = add(1, {"ann", "", ""}, tagged);
  Channel& x = create("#x", ann);
  world.suspend(ann);
  step();
  EXPECT_FALSE(ann.is_live());
  EXPECT_EQ(x.audience(), (FormCounts{0, 0}));
  EXPECT_EQ(world.audience(), (FormCounts{0, 0}));
  EXPECT_EQ(x.rank_of(ann.id()), Rank::Operator);
  EXPECT_EQ(world.find(nick("ann")), &ann);
  world.attach(ann, {{0, 0, 7, 2}, {}});
  step();
  EXPECT_EQ(x.audience(), (FormCounts{1, 0}));
  world.attach(ann, {{0, 0, 8, 3}, tagged});
  step();
  EXPECT_EQ(x.audience(), (FormCounts{0, 1})) << "a live peer can be attached again";
  world.suspend(ann);
  world.remove(ann, now);
  step();
  EXPECT_TRUE(world.channels().empty());
}

TEST_F(WorldTest, IdentitiesExpire) {
  for (std::uint32_t n = 1; n <= 3; ++n) {
    world.remove(add_owned(n), now);
    pass(100);
  }
  world.changes().take();
  world.expire_identities(301, now);
  EXPECT_EQ(world.identities().size(), 3U);
  world.expire_identities(300, now);
  EXPECT_EQ(world.identities().size(), 2U);
  EXPECT_EQ(world.identities().find(id_of(1)), nullptr);
  EXPECT_EQ(world.changes().pending().ended_peers.count(id_of(1)), 1U) << "the store deletes it";
  step();
}

TEST_F(WorldTest, NamedIdentitiesDoNotExpire) {
  Peer& nine = add(9);
  Channel& x = create("#x", nine);
  Peer& maker = add_owned(1);
  Channel& persistent = create("#p", maker);
  world.edit(persistent, now).modes.persistent = true;
  for (std::uint32_t n = 2; n <= 5; ++n) add_owned(n);
  world.set_rank(x, id_of(2), Rank::Voice, now);
  world.edit(x, now).bans.emplace(id_of(3), Ban{nine.id(), "", 0, 0});
  world.ban(id_of(4), Ban{nine.id(), "", 0, 0});
  for (std::uint32_t n = 1; n <= 5; ++n) world.remove(*world.find(id_of(n)), now);
  world.expire_identities(0, now);
  EXPECT_EQ(world.identities().size(), 4U);
  EXPECT_EQ(world.identities().find(id_of(5)), nullptr);
  world.set_rank(x, id_of(2), Rank::None, now);
  world.edit(x, now).bans.clear();
  EXPECT_TRUE(world.unban(id_of(4)));
  world.edit(persistent, now).modes.persistent = false;
  world.drop_if_empty(persistent);
  world.expire_identities(0, now);
  EXPECT_EQ(world.identities().size(), 0U);
}

TEST_F(WorldTest, LongestUnseenIdentitiesAreDroppedAboveTheLimit) {
  WorldLimits limits;
  limits.identities = 2;
  world.set_limits(limits);
  for (std::uint32_t n = 1; n <= 4; ++n) {
    world.remove(add_owned(n), now);
    pass(100);
  }
  world.expire_identities(1'000'000, now);
  EXPECT_EQ(world.identities().size(), 2U);
  EXPECT_NE(world.identities().find(id_of(3)), nullptr);
  EXPECT_NE(world.identities().find(id_of(4)), nullptr);
}
