// Order, frame classes and bounds of published frames, without a socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/net/fanout_fixture.hpp"

namespace signaller::net {
namespace {

using port::FrameClass;
using port::TopicId;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(FanoutTest, AllFramesOfATurnAreWrittenAtOnce) {
  Subscriber& a = link();
  Subscriber& b = link();
  for (Subscriber* one : {&a, &b}) fanout.subscribe(*one, A, 0, false);
  fanout.flush();
  for (const char* text : {"1", "2", "3"}) chat(A, text);
  fanout.flush();
  EXPECT_EQ(wire.writes, 2);
  EXPECT_THAT(wire.take(a), ElementsAre("1", "2", "3"));
  EXPECT_THAT(wire.take(b), ElementsAre("1", "2", "3"));
  EXPECT_EQ(fanout.counts().deliveries, 6U);
}

TEST_F(FanoutTest, ASenderSkipsItsOwnFramesOnly) {
  Subscriber& a = link();
  Subscriber& b = link();
  for (Subscriber* one : {&a, &b}) fanout.subscribe(*one, A, 0, false);
  chat(A, "from a", &a);
  chat(A, "from b", &b);
  chat(A, "from elsewhere");
  fanout.flush();
  EXPECT_THAT(wire.take(a), ElementsAre("from b", "from elsewhere"));
  EXPECT_THAT(wire.take(b), ElementsAre("from a", "from elsewhere"));
}

TEST_F(FanoutTest, SubscribersGetOnlyLinesPublishedDuringTheirSubscription) {
  Subscriber& a = link();
  Subscriber& b = link();
  fanout.subscribe(a, A, 0, false);
  chat(A, "before");
  fanout.subscribe(b, A, 0, false);
  chat(A, "between");
  fanout.unsubscribe(a, A);
  chat(A, "after");
  fanout.flush();
  EXPECT_THAT(wire.take(a), ElementsAre("before", "between"));
  EXPECT_THAT(wire.take(b), ElementsAre("between", "after"));
  chat(A, "next turn");
  fanout.flush();
  EXPECT_THAT(wire.take(a), IsEmpty());
  EXPECT_THAT(wire.take(b), ElementsAre("next turn"));
}

TEST_F(FanoutTest, ADirectLineFollowsEarlierPublishedLines) {
  Subscriber& a = link();
  fanout.subscribe(a, A, 0, false);
  chat(A, "1");
  fanout.send(a, "own", Plain);
  chat(A, "2");
  fanout.flush();
  EXPECT_THAT(wire.take(a), ElementsAre("1", "own", "2"));
}

TEST_F(FanoutTest, SeveralTopicsOfATurnKeepTheirOrder) {
  Subscriber& both = link();
  Subscriber& only_b = link();
  fanout.subscribe(both, A, 0, false);
  fanout.subscribe(both, B, 0, false);
  fanout.subscribe(only_b, B, 0, false);
  chat(B, "b1");
  chat(A, "a1");
  chat(B, "b2");
  chat(A, "a2", &both);
  chat(A, "a3");
  fanout.flush();
  EXPECT_THAT(wire.take(both), ElementsAre("b1", "a1", "b2", "a3"));
  EXPECT_THAT(wire.take(only_b), ElementsAre("b1", "b2"));
}

TEST_F(FanoutTest, AUnionReachesEachSubscriberOnceAndInOrder) {
  Subscriber& both = link();
  Subscriber& only_b = link();
  Subscriber& leaver = link();
  Subscriber& quiet = link();
  for (Subscriber* one : {&both, &leaver}) {
    fanout.subscribe(*one, A, 0, false);
    fanout.subscribe(*one, B, 0, false);
  }
  fanout.subscribe(only_b, B, 1, false);
  fanout.subscribe(quiet, B, 0, true);
  chat(B, "before");
  fanout.publish_union({A, B}, {forms("QUIT"), FrameClass::Presence, &leaver});
  chat(A, "after");
  fanout.flush();
  EXPECT_THAT(wire.take(both), ElementsAre("before", "QUIT", "after"));
  EXPECT_THAT(wire.take(only_b), ElementsAre("before", "QUIT"));
  EXPECT_THAT(wire.take(leaver), ElementsAre("before", "after"));
  EXPECT_THAT(wire.take(quiet), ElementsAre("before"));
}

TEST_F(FanoutTest, FormAndQuietSelectTheBytes) {
  Subscriber& plain = link();
  Subscriber& tagged = link();
  Subscriber& quiet = link();
  fanout.subscribe(plain, A, 0, false);
  fanout.subscribe(tagged, A, 1, false);
  fanout.subscribe(quiet, A, 1, true);
  const port::Forms two{std::make_shared<const std::string>("JOIN"),
                        std::make_shared<const std::string>("@time JOIN")};
  fanout.publish(A, {two, FrameClass::Presence, nullptr});
  fanout.publish(A, {two, FrameClass::Chat, nullptr});
  fanout.flush();
  EXPECT_THAT(wire.take(plain), ElementsAre("JOIN", "JOIN"));
  EXPECT_THAT(wire.take(tagged), ElementsAre("@time JOIN", "@time JOIN"));
  EXPECT_THAT(wire.take(quiet), ElementsAre("@time JOIN"));
}

TEST_F(FanoutTest, AFormThatOnlyTheSenderUsesIsNotNeeded) {
  Subscriber& sender = link();
  Subscriber& other = link();
  fanout.subscribe(sender, A, 1, false);
  fanout.subscribe(other, A, 0, false);
  fanout.publish(
      A, {{std::make_shared<const std::string>("plain"), nullptr}, FrameClass::Chat, &sender});
  fanout.flush();
  EXPECT_THAT(wire.take(sender), IsEmpty());
  EXPECT_THAT(wire.take(other), ElementsAre("plain"));
}

TEST_F(FanoutTest, APartialWriteContinuesWhereItStopped) {
  Subscriber& a = link();
  fanout.subscribe(a, A, 0, false);
  wire.room[&a] = 4;  // "1" takes three bytes with its header, so "2" is cut
  chat(A, "1");
  chat(A, "2");
  fanout.flush();
  EXPECT_EQ(wire.wanting.size(), 1U);
  chat(A, "3");
  fanout.flush();
  EXPECT_GT(held, 0U);
  wire.room.clear();
  fanout.writable(a);
  EXPECT_THAT(wire.take(a), ElementsAre("1", "2", "3"));
  fanout.flush();
  EXPECT_EQ(held, 0U);
}

TEST_F(FanoutTest, SignalsOvertakeOtherLanesButNotTheirOwn) {
  Subscriber& a = link();
  fanout.subscribe(a, A, 0, false);
  fanout.subscribe(a, B, 0, false);
  wire.room[&a] = 1;  // the first frame is written partly
  chat(A, "under way");
  fanout.flush();
  chat(A, "chat in A");
  chat(B, "chat in B");
  fanout.send(a, "own", Plain);
  fanout.publish(B, {forms("signal in B"), FrameClass::Signal, nullptr});
  fanout.send(a, "signal alone", {Opcode::Text, FrameClass::Signal, 77, false});
  fanout.flush();
  wire.room.clear();
  fanout.writable(a);
  EXPECT_THAT(wire.take(a), ElementsAre("under way", "chat in B", "signal in B", "signal alone",
                                        "chat in A", "own"));
}

TEST_F(FanoutTest, SignalsInAPartialWriteMoveAheadToo) {
  Subscriber& a = link();
  fanout.subscribe(a, A, 0, false);
  fanout.subscribe(a, B, 0, false);
  wire.room[&a] = 2;
  chat(A, "1");
  chat(A, "2");
  fanout.publish(B, {forms("signal"), FrameClass::Signal, nullptr});
  fanout.flush();
  wire.room.clear();
  fanout.writable(a);
  EXPECT_THAT(wire.take(a), ElementsAre("1", "signal", "2"));
}

TEST_F(FanoutTest, ASlowReaderDoesNotHoldLinesOfOthers) {
  Subscriber& slow = link();
  Subscriber& other = link();
  wire.room[&slow] = 0;
  fanout.send(slow, "mine", Plain);
  for (int i = 0; i < 100; ++i) fanout.send(other, std::string(1000, 'o'), Plain);
  fanout.flush();
  EXPECT_LT(held, 1000U);
  EXPECT_EQ(wire.take(other).size(), 100U);
}

TEST_F(FanoutTest, ABrokenSubscriberIsReportedOnceAndAffectsNoOther) {
  Subscriber& a = link();
  Subscriber& b = link();
  for (Subscriber* one : {&a, &b}) fanout.subscribe(*one, A, 0, false);
  wire.is_broken[&a] = true;
  chat(A, "1");
  fanout.flush();
  chat(A, "2");
  fanout.flush();
  EXPECT_THAT(wire.broken_links, ElementsAre(&a));
  EXPECT_THAT(wire.take(b), ElementsAre("1", "2"));
}

TEST_F(FanoutTest, DrainedIsCalledWhenEverythingIsWritten) {
  Subscriber& a = link();
  wire.room[&a] = 1;
  a.tell_drained = true;
  fanout.send(a, "chunk", Plain);
  fanout.flush();
  EXPECT_THAT(wire.drained_links, IsEmpty());
  wire.room.clear();
  fanout.writable(a);
  EXPECT_THAT(wire.drained_links, ElementsAre(&a));
  fanout.send(a, "more", Plain);
  fanout.flush();
  EXPECT_EQ(wire.drained_links.size(), 1U);
}

/// Does random operations on a fan-out, and keeps a simple model of the frames that each subscriber
/// must receive.
class FanoutHistoryTest : public FanoutTest {
 protected:
  FanoutHistoryTest() {
    for (int i = 0; i < 6; ++i) subscribers_.push_back(&link());
  }

  unsigned roll(unsigned sides) { return static_cast<unsigned>(random_() % sides); }

  void step(const std::string& text) {
    Subscriber& one = *subscribers_[roll(6)];
    const TopicId topic{1 + static_cast<std::uint32_t>(roll(3))};
    switch (roll(8)) {
      case 0:
        return subscribe(one, topic);
      case 1:
        return unsubscribe(one, topic);
      case 2:
        return send(one, text);
      case 3:
        return publish_union(text, one);
      case 4:
        return wide_.flush();
      case 5:
        wire.room[&one] = roll(30);
        return;
      default:
        return publish(topic, text, one);
    }
  }

  /// Lets every subscriber read all its waiting frames.
  void drain() {
    wire.room.clear();
    for (Subscriber* each : subscribers_) wide_.writable(*each);
  }

  void expect_the_model() {
    wide_.flush();
    drain();
    for (Subscriber* each : subscribers_) {
      EXPECT_EQ(wire.take(*each), expected_[each]);
      wide_.forget(*each);
    }
    EXPECT_EQ(held, 0U);
  }

 private:
  void subscribe(Subscriber& one, TopicId topic) {
    wide_.subscribe(one, topic, static_cast<port::Form>(roll(2)), false);
    topics_[&one].insert(topic);
  }
  void unsubscribe(Subscriber& one, TopicId topic) {
    wide_.unsubscribe(one, topic);
    topics_[&one].erase(topic);
  }
  void send(Subscriber& one, const std::string& text) {
    wide_.send(one, text, Plain);
    expected_[&one].push_back(text);
  }
  void publish(TopicId topic, const std::string& text, Subscriber& sender) {
    wide_.publish(topic, {forms(text), FrameClass::Chat, &sender});
    expect_at_members_of({topic}, text, sender);
  }
  void publish_union(const std::string& text, Subscriber& sender) {
    wide_.publish_union({TopicId{1}, TopicId{3}}, {forms(text), FrameClass::Chat, &sender});
    expect_at_members_of({TopicId{1}, TopicId{3}}, text, sender);
  }
  void expect_at_members_of(const std::vector<TopicId>& any_of, const std::string& text,
                            const Subscriber& sender) {
    for (Subscriber* each : subscribers_) {
      const bool in = std::any_of(any_of.begin(), any_of.end(),
                                  [&](TopicId topic) { return topics_[each].count(topic) != 0; });
      if (in && each != &sender) expected_[each].push_back(text);
    }
  }

  std::mt19937 random_{7};
  Fanout wide_{wire, OutboxLimits{}, held};
  std::vector<Subscriber*> subscribers_;
  std::map<Subscriber*, std::set<TopicId>> topics_;
  std::map<Subscriber*, std::vector<std::string>> expected_;
};

TEST_F(FanoutHistoryTest, RandomHistoriesMatchTheModel) {
  for (int number = 0; number < 20'000; ++number) {
    step(std::to_string(number));
    if (roll(20) == 0) drain();
  }
  expect_the_model();
}

}  // namespace
}  // namespace signaller::net
