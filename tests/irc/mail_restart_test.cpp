// Random histories of an inbox with restarts: no restart repeats or loses private messages.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "irc/world_loader.hpp"
#include "tests/irc/snapshot.hpp"
#include "tests/irc/world_fixture.hpp"

namespace signaller::irc {
namespace {

class MailRestart : public testing::TestWithParam<unsigned> {
 protected:
  /// A server: it ends with a restart.
  struct Node {
    Node() {
      WorldLimits limits;
      limits.mirrored = true;
      world.set_limits(limits);
    }
    port::TopicNumbers topics;
    World world{topics};
  };

  void SetUp() override { node_->world.add(id_of(1), {{0, 0, 1, 1}, {}}, {}, {}, random_, now_); }
  Peer& ann() { return *node_->world.find(id_of(1)); }
  Mailboxes& mail() { return node_->world.mailboxes(); }
  std::size_t undelivered() { return ann().inbox() == nullptr ? 0 : ann().inbox()->undelivered(); }
  /// The numbers of the messages in the inbox.
  std::vector<std::uint64_t> kept() {
    std::vector<std::uint64_t> all;
    for (std::size_t i = 0; ann().inbox() != nullptr && i < ann().inbox()->size(); ++i) {
      all.push_back((*ann().inbox())[i]->seq);
    }
    return all;
  }
  /// Starts a new server with the stored records of this one. The peer is suspended then.
  void restart() {
    auto next = std::make_unique<Node>();
    WorldLoader loader(next->world, random_, now_, 600'000);
    port::Snapshot stored = all_of(node_->world);
    // The store keeps what a message's record said when it was written.
    for (port::MailRecord& record : stored.mail) record.handed = written_.at(record.message.seq);
    loader.take(std::move(stored));
    EXPECT_TRUE(loader.problems().empty());
    node_ = std::move(next);
    live_ = false;
  }
  void step();
  void post() {
    StoredMessage one = *message(mail().next_seq(ann()));
    one.line = "told";
    written_[one.seq] = live_;
    mail().post(ann(), std::make_shared<const StoredMessage>(std::move(one)), live_, now_);
  }

  tests::Seeded random_{7};
  port::Instant now_{1'700'000'000'000, 1'000};
  std::unique_ptr<Node> node_ = std::make_unique<Node>();
  tests::Seeded dice_{GetParam()};
  bool live_ = true;
  std::map<std::uint64_t, bool> written_;  ///< message → whether its stored record says handed out
};

/// A message arrives, or the connection ends before its last messages were sent, or the client
/// resumes.
void MailRestart::step() {
  switch (dice_.below(4)) {
    case 0:
    case 1:
      post();
      return;
    case 2:
      if (live_) mail().take_back(ann(), dice_.below(1 + std::min<std::size_t>(3, kept().size())));
      live_ = false;
      // Then all records of the inbox are written again.
      for (std::size_t i = 0; i < kept().size(); ++i)
        written_[kept()[i]] = i + undelivered() < kept().size();
      return;
    default:
      mail().hand_out(ann(), now_);
      live_ = true;
  }
}

TEST_P(MailRestart, NeitherRepeatsNorLosesMail) {
  for (int i = 0; i < 60; ++i) {
    step();
    if (!dice_.one_in(4)) continue;
    const auto messages = kept();
    const std::size_t waiting = undelivered();
    const std::uint64_t seq = ann().inbox_seq();
    restart();
    ASSERT_EQ(undelivered(), waiting) << "step " << i;
    ASSERT_EQ(kept(), messages) << "step " << i;
    ASSERT_GE(ann().inbox_seq(), seq) << "step " << i;
    ASSERT_EQ(node_->world.check(), "");
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, MailRestart, testing::Range(0U, 40U));

}  // namespace
}  // namespace signaller::irc
