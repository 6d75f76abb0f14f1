// Topics, forms, the world and the costs by address, shared by three protocols in one process.
#include <set>

#include "tests/seam/fixture.hpp"

namespace signaller::seam {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(SeamTest, TopicsOfThreeProtocolsAreSeparate) {
  start();
  EXPECT_NE(second_.topic(), third_.topic());
  EXPECT_NE(second_.topic(), parts_.world.everybody());
  run_server();
  const auto ann = member("ann");
  const auto bob = member("bob");
  const auto one = subscriber("/second");
  const auto two = subscriber("/second");
  const auto other = subscriber("/third");
  heard_of_slash(*ann);  // drops the JOIN of bob
  bob->say("/pubmsg #x from slash");
  heard_of_slash(*bob);
  one->say("pub from second");
  heard(*one);
  EXPECT_THAT(heard_of_slash(*ann), ElementsAre(HasSubstr("from slash")));
  EXPECT_THAT(heard(*two), ElementsAre("second 0:from second"));
  EXPECT_THAT(heard(*other), IsEmpty());
}

TEST_F(SeamTest, ANewChannelGetsAnUnusedTopicNumber) {
  start();
  run_server();
  const auto other = subscriber("/third");
  const auto ann = member("ann");
  const auto [channel, everybody] = on_core([this] {
    return std::make_pair(parts_.world.channels().at("#x").topic_id(), parts_.world.everybody());
  });
  EXPECT_THAT((std::set<port::TopicId>{channel, everybody, second_.topic(), third_.topic()}),
              testing::SizeIs(4));
  ann->say("/pubmsg #x hi");
  heard_of_slash(*ann);
  EXPECT_THAT(heard(*other), IsEmpty());
}

TEST_F(SeamTest, TextOfAThirdAndAFourthFormReachesItsSubscribers) {
  start();
  run_server();
  const auto plain = subscriber("/second", 0);
  const auto third = subscriber("/second", 2);
  const auto fourth = subscriber("/second", 3);
  plain->say("pub x");
  heard(*plain);
  EXPECT_THAT(heard(*third), ElementsAre("second 2:x"));
  EXPECT_THAT(heard(*fourth), ElementsAre("second 3:x"));
}

TEST_F(SeamTest, ABinaryPublishReachesItsSubscribersAsBinary) {
  start();
  run_server();
  const auto from = subscriber("/second");
  const auto to = subscriber("/second", 2);
  from->say("bin bytes");
  from->say("pub text");
  heard(*from);
  const Heard bytes = to->hear();
  EXPECT_EQ(bytes.opcode, 2U);
  EXPECT_EQ(bytes.payload, "second 2:bytes");
  const Heard text = to->hear();
  EXPECT_EQ(text.opcode, 1U);
  EXPECT_EQ(text.payload, "second 2:text");
}

TEST_F(SeamTest, ASecondProtocolSeesTheChannelsAndPeersOfSlashAndPublishesToThem) {
  start();
  run_server();
  const auto ann = member("ann");
  const auto bob = member("bob");
  const auto one = connect("/second");
  one->say("peers #x");
  const auto names = one->hear_until("ann").back();
  EXPECT_THAT(names, HasSubstr("bob "));
  one->say("peers #y");
  EXPECT_EQ(one->hear().payload, "nobody");
  heard_of_slash(*ann);
  one->say("shout #x :second NOTICE #x :hello");
  heard(*one);
  EXPECT_THAT(heard_of_slash(*ann), ElementsAre(":second NOTICE #x :hello"));
  EXPECT_THAT(heard_of_slash(*bob), Contains(":second NOTICE #x :hello"));
}

TEST_F(SeamTest, TwoProtocolsShareTheCostsOfAnAddress) {
  options_.limits.address_rate = 0.001;
  options_.limits.address_burst = 50;
  start();
  run_server();
  const auto ann = member("ann");
  const auto one = connect("/second");
  std::string answer;
  for (int i = 0; i < 100 && answer != "limited"; ++i) {
    one->say("charge 1");
    answer = one->hear().payload;
  }
  EXPECT_EQ(answer, "limited");
  ann->say("/ping end");
  EXPECT_THAT(ann->hear_until("PING").back(), HasSubstr("FAIL PING RATE_LIMITED"));
  const auto third = connect("/third");
  third->say("charge 1");
  EXPECT_EQ(third->hear().payload, "limited");
}

TEST_F(SeamTest, SlashAndAnotherProtocolShareTheCostsOfAnAddress) {
  options_.limits.address_rate = 0.001;
  options_.limits.address_burst = 50;
  start();
  run_server();
  const auto ann = member("ann");
  const auto one = connect("/second");
  one->say("charge 1");
  EXPECT_EQ(one->hear().payload, "ok");
  std::string answer;
  for (int i = 0; i < 100 && answer.find("RATE_LIMITED") == std::string::npos; ++i) {
    ann->say("/ping end");
    answer = ann->hear().payload;
  }
  one->say("charge 1");
  EXPECT_EQ(one->hear().payload, "limited");
}

}  // namespace
}  // namespace signaller::seam
