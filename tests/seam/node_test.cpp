// An effect for a connection of another node goes to post_to_node, even if this node has a
// connection with the same shard and slot.
#include <atomic>
#include <mutex>

#include "tests/seam/fixture.hpp"

namespace signaller::seam {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class NodeTest : public SeamTest {
 protected:
  void start_with_hook() {
    services_.post_to_node = [this](std::uint16_t node, const port::Effect& effect) {
      const std::lock_guard lock(mutex_);
      nodes_.push_back(node);
      kinds_.push_back(effect.index());
    };
    start();
    run_server();
  }
  std::vector<std::uint16_t> nodes() {
    const std::lock_guard lock(mutex_);
    return nodes_;
  }
  std::mutex mutex_;
  std::vector<std::uint16_t> nodes_;
  std::vector<std::size_t> kinds_;
};

TEST_F(NodeTest, ASendToAnotherNodesConnectionGoesToTheHook) {
  start_with_hook();
  const auto one = connect("/second");
  one->say("away send");
  EXPECT_THAT(heard(*one), IsEmpty());
  EXPECT_THAT(nodes(), ElementsAre(1));
  EXPECT_EQ(kinds_.front(), port::Effect(port::Send{}).index());
}

TEST_F(NodeTest, ACloseOfAnotherNodesConnectionClosesNoLocalConnection) {
  start_with_hook();
  const auto one = connect("/second");
  one->say("away close");
  EXPECT_THAT(heard(*one), IsEmpty());
  EXPECT_THAT(nodes(), ElementsAre(1));
}

TEST_F(NodeTest, AHoldOfAnotherNodesConnectionHoldsNoLocalConnection) {
  start_with_hook();
  const auto one = connect("/second");
  one->say("away hold");
  EXPECT_THAT(heard(*one), IsEmpty());
  EXPECT_THAT(nodes(), ElementsAre(1));
}

TEST_F(NodeTest, APublishDoesNotSkipTheConnectionThatLooksLikeAnotherNodesSender) {
  start_with_hook();
  const auto one = subscriber("/second");
  one->say("away except");
  EXPECT_THAT(heard(*one), ElementsAre("second 0:away"));
  one->say("away except union");
  EXPECT_THAT(heard(*one), ElementsAre("second 0:away"));
  EXPECT_THAT(nodes(), IsEmpty());
}

TEST_F(NodeTest, WithoutAHookSuchEffectsAreDroppedAndCounted) {
  start();
  run_server();
  const auto one = connect("/second");
  one->say("away send");
  one->say("away close");
  EXPECT_THAT(heard(*one), IsEmpty());
  double dropped = 0;
  for (const port::Metric& metric : server_->metrics()) {
    if (metric.name == "effects_dropped_total") dropped = metric.samples.front().value;
  }
  EXPECT_EQ(dropped, 2);
}

TEST_F(NodeTest, AServerWithANodeNumberServesItsConnections) {
  server_options_.node = 7;
  start_with_hook();
  const auto ann = member("ann");
  const auto bob = member("bob");
  const auto one = subscriber("/second");
  const auto two = subscriber("/second");
  heard_of_slash(*ann);
  bob->say("/pubmsg #x hi");
  heard_of_slash(*bob);
  EXPECT_THAT(heard_of_slash(*ann), testing::SizeIs(1));
  one->say("pub text");
  EXPECT_THAT(heard(*one), IsEmpty()) << "its own";
  EXPECT_THAT(heard(*two), ElementsAre("second 0:text"));
  one->say("away send");
  EXPECT_THAT(heard(*one), IsEmpty());
  EXPECT_THAT(nodes(), ElementsAre(8));
}

}  // namespace
}  // namespace signaller::seam
