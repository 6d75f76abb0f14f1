// A store that refuses all batches for an hour while peers connect, talk and leave.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "commands/slash_protocol.hpp"
#include "tests/plain_hash.hpp"
#include "tests/seeded.hpp"
#include "tests/slash_access.hpp"
#include "tests/transcript/edge.hpp"

namespace signaller::transcript {
namespace {

commands::Options durable_options() {
  commands::Options options;
  options.durable = true;
  options.limits.cost_rate = 0;
  options.limits.address_rate = 0;
  options.limits.channel_rate = 0;
  return options;
}

struct OutageTest : testing::Test {
  void say(const std::string& who, const std::string& line) {
    edge.send(who, line);
    forget();
  }
  void forget() {
    for (auto& [name, client] : edge.clients()) client.received.clear();
  }
  /// One peer comes each second: most peers leave at once, some lose their connection, some own
  /// their id.
  void visit(int second) {
    const std::string who = "v" + std::to_string(second);
    edge.connect(who, "192.0.2." + std::to_string(second % 250));
    say(who,
        second % 3 == 0 ? "/descp {secret:'secret-of-v-0123456789'}" : "/descp {caps:['tags']}");
    say(who, "/join #lobby");
    say(who, "/join #c" + std::to_string(second));
    say(who, "@label=1 /pubmsg #lobby hello");
    say(who, "@label=2 /privmsg host hello");
    edge.close(who, second % 5 == 0 ? 1006 : 1000);
    edge.clients().erase(who);
  }

  tests::Seeded random{1};
  tests::PlainHash hash;
  std::shared_ptr<commands::SlashProtocol> owned =
      tests::make_slash(durable_options(), random, hash);
  commands::SlashProtocol& protocol = *owned;
  commands::SlashState& slash = tests::slash_state_of(protocol);
  Edge edge{protocol};
};

}  // namespace

TEST_F(OutageTest, StartsWhenTheStoreHasAcceptedABatch) {
  EXPECT_FALSE(protocol.has_begun());
  edge.set_store("is away");
  const auto owned_next = tests::make_slash(durable_options(), random, hash);
  commands::SlashProtocol& next = *owned_next;
  edge.follow(next, false);
  EXPECT_FALSE(next.has_begun()) << "the store accepted nothing";
  EXPECT_FALSE(next.is_saved());
  edge.set_store("is back");
  EXPECT_TRUE(next.has_begun());
  EXPECT_TRUE(next.is_saved());
}

TEST_F(OutageTest, MemoryStaysBoundedDuringAnHour) {
  edge.connect("host", "192.0.2.1");
  say("host", "/descp {nick:'host',caps:['tags']}");
  say("host", "/join #lobby");
  edge.set_store("is away");
  forget();
  std::size_t most = 0;
  std::size_t most_waiting = 0;
  for (int second = 0; second < 3'600; ++second) {
    visit(second);
    edge.advance(1'000);
    forget();
    most = std::max(most, slash.write_behind.unstored(slash.world));
    most_waiting = std::max(most_waiting, slash.pending_acks.size());
  }
  const auto& world = slash.world;
  const std::size_t there = world.peers().size() + 3 * world.channels().size();
  EXPECT_LE(world.changes().pending().ended_peers.size() +
                world.changes().pending().ended_channels.size(),
            0U);
  EXPECT_LE(world.changes().size(), there + world.identities().size() + 10);
  EXPECT_GT(most, 10U);
  EXPECT_LE(most, 400U + world.identities().size());
  EXPECT_LE(most_waiting, 20U) << "two a second, for ack_timeout";
  EXPECT_EQ(edge.stored().messages.size(), 0U);

  edge.set_store("is back");
  forget();
  EXPECT_TRUE(world.changes().empty());
  const port::Snapshot stored = edge.stored();
  EXPECT_EQ(stored.peers.size(), world.peers().size() + world.identities().size());
  EXPECT_EQ(stored.channels.size(), world.channels().size());
  EXPECT_EQ(stored.messages.size(), 1'000U) << "what the log of #lobby keeps";
  EXPECT_TRUE(edge.faults().empty());
}

}  // namespace signaller::transcript
