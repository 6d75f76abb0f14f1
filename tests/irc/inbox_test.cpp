#include "irc/history/inbox.hpp"

#include <gtest/gtest.h>

#include "tests/irc/world_fixture.hpp"

using namespace signaller::irc;

namespace {

/// The numbers of the kept messages, with a `|` before the undelivered ones.
std::string shown(const Inbox& inbox) {
  std::string out;
  for (std::size_t i = 0; i < inbox.size(); ++i) {
    if (i == inbox.size() - inbox.undelivered()) out += '|';
    out += std::to_string(inbox[i]->seq);
  }
  return out;
}

InboxLimits of_messages(std::size_t count) {
  InboxLimits limits;
  limits.messages = count;
  return limits;
}

}  // namespace

TEST(Inbox, DropsHandedOutMessagesAboveTheLimit) {
  Inbox inbox;
  const auto limits = of_messages(3);
  for (std::uint64_t seq = 1; seq <= 4; ++seq) inbox.add(message(seq), 0, true, limits);
  EXPECT_EQ(shown(inbox), "234");
  inbox.add(message(5), 0, false, limits);
  inbox.add(message(6), 0, false, limits);
  EXPECT_EQ(shown(inbox), "4|56");
  inbox.add(message(7), 0, false, limits);
  EXPECT_EQ(shown(inbox), "|567");
}

TEST(Inbox, KeepsUndeliveredMessages) {
  Inbox inbox;
  const auto limits = of_messages(2);
  EXPECT_TRUE(inbox.has_room(1, limits));
  inbox.add(message(1), 0, false, limits);
  EXPECT_TRUE(inbox.has_room(1, limits));
  inbox.add(message(2), 0, false, limits);
  EXPECT_FALSE(inbox.has_room(1, limits));
  inbox.expire(1'000'000);
  inbox.drop_handed_out();
  EXPECT_EQ(shown(inbox), "|12");
  inbox.hand_out(2'000'000);
  EXPECT_EQ(shown(inbox), "12");
  inbox.expire(2'000'000);
  EXPECT_EQ(shown(inbox), "12") << "its time begins when it is handed out";
  EXPECT_TRUE(inbox.has_room(1, limits)) << "handed-out messages make room";
}

TEST(Inbox, IsBoundedInBytes) {
  Inbox inbox;
  InboxLimits limits;
  limits.bytes = 1'000;
  inbox.add(message(1, 0, 600), 0, true, limits);
  inbox.add(message(2, 0, 600), 0, true, limits);
  EXPECT_EQ(shown(inbox), "2");
  EXPECT_EQ(inbox.bytes(), 600U);
  EXPECT_TRUE(inbox.has_room(1'000, limits));
  EXPECT_FALSE(inbox.has_room(1'001, limits));
  inbox.add(message(3, 0, 600), 0, false, limits);
  EXPECT_EQ(shown(inbox), "|3");
  EXPECT_TRUE(inbox.has_room(400, limits));
  EXPECT_FALSE(inbox.has_room(401, limits));
}

TEST(Inbox, ExpiresHandedOutMessages) {
  Inbox inbox;
  inbox.add(message(1), 100, true, {});
  inbox.add(message(2), 200, true, {});
  inbox.add(message(3), 300, false, {});
  EXPECT_EQ(inbox.first_ms(), 100);
  inbox.expire(100);
  EXPECT_EQ(shown(inbox), "12|3");
  inbox.expire(101);
  EXPECT_EQ(shown(inbox), "2|3");
  inbox.expire(1'000);
  EXPECT_EQ(shown(inbox), "|3");
  EXPECT_EQ(inbox.bytes(), inbox[0]->cost());
}

TEST(Inbox, TakesBackLostMessages) {
  Inbox inbox;
  for (std::uint64_t seq = 1; seq <= 4; ++seq) inbox.add(message(seq), 0, true, {});
  inbox.take_back(1);
  EXPECT_EQ(shown(inbox), "123|4");
  inbox.take_back(2);
  EXPECT_EQ(shown(inbox), "1|234");
  inbox.take_back(9);
  EXPECT_EQ(shown(inbox), "|1234") << "a dropped message does not come back";
}
