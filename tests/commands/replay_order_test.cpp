// The world changes while a replay is written piece by piece: the reader gets the lines of these
// changes once, in order, after the replay.
#include <gtest/gtest.h>

#include <utility>

#include "commands/slash_protocol.hpp"
#include "tests/commands/client_model.hpp"
#include "tests/plain_hash.hpp"
#include "tests/seeded.hpp"
#include "tests/slash_access.hpp"
#include "tests/transcript/edge.hpp"

using namespace signaller;
using tests::ClientModel;

namespace {

constexpr auto Ann = "5f0c3e0000000000000000aa";
constexpr auto Bob = "5f0c3e0000000000000000bb";

struct ReplayOrder : testing::Test {
  void arrive(const std::string& who, const std::string& id, const std::string& since = "{}") {
    edge.connect(who, "192.0.2.1");
    edge.stall(who);
    edge.send(who, "@label=d /descp {id:'" + id +
                       "',secret:'a-secret-of-22-or-more',since:" + since + '}');
  }
  /// Gives the received lines to the model. Returns the number of QUIT lines.
  int receive(const std::string& who, ClientModel& model) {
    int quits = 0;
    for (const auto& text : std::exchange(edge.clients().at(who).received, {})) {
      if (text[0] == '(') continue;
      const auto line = tests::take_apart(text);
      quits += line.verb == "QUIT" ? 1 : 0;
      model.receive(line);
    }
    return quits;
  }

  tests::Seeded random{3};
  tests::PlainHash hash;
  std::shared_ptr<commands::SlashProtocol> owned = tests::make_slash({}, random, hash);
  commands::SlashProtocol& protocol = *owned;
  transcript::Edge edge{protocol};
};

}  // namespace

TEST_F(ReplayOrder, APeerThatQuitsAndReturnsIsAMember) {
  ClientModel model;
  arrive("bob", Bob);
  edge.drain("bob");
  edge.send("bob", "/join #x\n/join #y");
  model.describe("d", {});
  arrive("ann", Ann);
  edge.drain("ann");
  edge.send("ann", "@label=j /join #x\n@label=j /join #y");
  receive("ann", model);
  const std::string epoch = model.channels().at("#x").messages.epoch;
  for (int i = 0; i < 10; ++i) edge.send("bob", "/pubmsg #x m" + std::string(8'000, 'x'));
  edge.close("ann", 1006);
  edge.clients().at("ann").received.clear();

  model.describe("d", {"#x"});
  arrive("ann", Ann, "{'#x':'" + epoch + ":0'}");
  ASSERT_TRUE(edge.clients().at("ann").draining) << "its replay is under way";
  edge.send("bob", "/quit :so long");
  arrive("bob", Bob);
  edge.drain("bob");
  edge.send("bob", "/join #y\n/pubmsg #y hello");
  edge.drain("ann");
  EXPECT_EQ(receive("ann", model), 1) << "it is told once that bob has quit";
  EXPECT_EQ(model.channels().at("#x").members.count(Bob), 0U);
  EXPECT_EQ(model.channels().at("#y").members.count(Bob), 1U);
  EXPECT_EQ(model.channels().at("#x").messages.run.contents.size(), 10U);
  EXPECT_EQ(model.channels().at("#y").messages.run.contents.size(), 1U);
  EXPECT_TRUE(model.errors().empty()) << model.errors().front();
  EXPECT_TRUE(edge.faults().empty());
}
