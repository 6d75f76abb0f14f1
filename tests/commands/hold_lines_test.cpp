#include "commands/session/hold_lines.hpp"

#include <gtest/gtest.h>

#include "commands/session/publish.hpp"
#include "commands/session/slash_state.hpp"
#include "tests/irc/world_fixture.hpp"
#include "tests/plain_hash.hpp"
#include "tests/slash_access.hpp"

using namespace signaller;
using namespace signaller::commands;
using irc::id_of;

namespace {

struct HeldLinesTest : testing::Test {
  HeldLinesTest() : slash(Options{}, parts.resources, parts.world) {}
  void TearDown() override { EXPECT_EQ(slash.world.check(), ""); }

  Session& add(std::uint32_t n) {
    const port::ConnectionId id{0, 0, n, 1};
    Session& session = slash.sessions[id];
    session.connection = id;
    session.peer = &slash.world.add(id_of(n), {id, {}}, {}, {}, random, now);
    return session;
  }
  /// Publishes a line to the channel. Lines for readers with held lines are not in `out`.
  void say(const std::string& text, std::uint64_t seq = 0) {
    irc::Line line("s", "SAY");
    line.trailing(text);
    publish(slash, out, channel, std::move(line), port::FrameClass::Chat, nullptr, seq);
  }
  /// Takes the effects, and returns those for one connection in order: texts, `sub` and `unsub`.
  std::string sent(const Session& to) {
    std::string text;
    for (const auto& effect : std::exchange(out, {})) {
      if (const auto* send = std::get_if<port::Send>(&effect); send && send->to == to.connection) {
        text += send->text.substr(send->text.find(" :") + 2) + ' ';
      }
      if (const auto* one = std::get_if<port::Subscribe>(&effect)) text += is(*one, to, "sub ");
      if (const auto* one = std::get_if<port::Unsubscribe>(&effect)) text += is(*one, to, "unsub ");
      if (const auto* one = std::get_if<port::Close>(&effect)) text += is(*one, to, "close ");
    }
    return text;
  }
  template <class Effect>
  static std::string is(const Effect& effect, const Session& whose, const char* name) {
    return effect.who == whose.connection ? name : "";
  }

  tests::Seeded random{3};
  tests::PlainHash hash;
  port::Instant now{1'700'000'000'000, 1};
  tests::SlashParts parts{random, hash};
  SlashState slash;
  port::Effects out;
  Session& ann = add(1);
  irc::Channel& channel = slash.world.create(irc::channel_name("#x"), *ann.peer, {}, random, now);
};

}  // namespace

TEST_F(HeldLinesTest, LinesAreHeldUntilTheEndOfTheReplay) {
  hold_lines(slash, out, ann, channel);
  EXPECT_EQ(sent(ann), "unsub ");
  hold_lines(slash, out, ann, channel);
  EXPECT_EQ(sent(ann), "") << "it has one already";
  say("one");
  say("two");
  EXPECT_EQ(sent(ann), "");
  EXPECT_GT(slash.held_lines_index.bytes, 0U);
  release_held_lines(slash, out, ann);
  EXPECT_EQ(sent(ann), "one two sub ") << "each once, and before anything newer";
  EXPECT_EQ(slash.held_lines_index.bytes, 0U);
  EXPECT_TRUE(slash.held_lines_index.readers.empty());
  release_held_lines(slash, out, ann);
  EXPECT_EQ(sent(ann), "");
}

TEST_F(HeldLinesTest, OtherReadersGetLinesAtOnce) {
  Session& bob = add(2);
  slash.world.join(*bob.peer, channel);
  hold_lines(slash, out, bob, channel);
  sent(ann);
  say("one");
  ASSERT_EQ(out.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<port::Publish>(*out.begin()));
}

TEST_F(HeldLinesTest, AMessageInTheReplayIsNotSentTwice) {
  hold_lines(slash, out, ann, channel);
  say("one", 1);
  say("joined");
  say("two", 2);
  say("three", 3);
  sent(ann);
  forget_held(slash, ann, channel.topic_id(), 2);
  release_held_lines(slash, out, ann);
  EXPECT_EQ(sent(ann), "joined three sub ");
  EXPECT_EQ(slash.held_lines_index.bytes, 0U);
}

TEST_F(HeldLinesTest, AReaderThatHasLeftIsNotSubscribedAgain) {
  hold_lines(slash, out, ann, channel);
  say("kicked");
  stop_holding(slash, ann, channel.topic_id());
  say("later");
  sent(ann);
  release_held_lines(slash, out, ann);
  EXPECT_EQ(sent(ann), "kicked ");
  EXPECT_TRUE(slash.held_lines_index.readers.empty());
}

TEST_F(HeldLinesTest, TheEndOfTheSessionDropsHeldLines) {
  hold_lines(slash, out, ann, channel);
  hold_mail(ann);
  irc::StoredMessagePtr mail = irc::message(1);
  slash.world.mailboxes().post(*ann.peer, mail, true, now);
  hold_line(slash, out, ann, {"psst", port::FrameClass::Chat, 0, port::TopicId::None, 1});
  say("one");
  EXPECT_EQ(ann.peer->inbox()->undelivered(), 0U);
  drop_held_lines(slash, ann);
  EXPECT_EQ(ann.held_lines, nullptr);
  EXPECT_EQ(slash.held_lines_index.bytes, 0U);
  EXPECT_TRUE(slash.held_lines_index.readers.empty());
  EXPECT_EQ(ann.peer->inbox()->undelivered(), 1U) << "private messages go back into the inbox";
}

TEST_F(HeldLinesTest, AReaderWithTooManyHeldLinesIsClosed) {
  hold_lines(slash, out, ann, channel);
  sent(ann);
  for (int i = 0; i < 2'000 && !ann.closing; ++i) {
    say(std::string(1'000, 'x'));
    EXPECT_LT(slash.held_lines_index.bytes, 1'060U * 1024);
  }
  EXPECT_TRUE(ann.closing);
  EXPECT_EQ(sent(ann), "close ");
  EXPECT_EQ(slash.held_lines_index.bytes, 0U);
  say("more");
  EXPECT_EQ(sent(ann), "");
}

TEST_F(HeldLinesTest, PresenceIsNotHeldForReadersWithoutPresence) {
  slash.world.attach(*ann.peer, [&] {
    irc::Attachment attach{ann.connection, {}};
    attach.caps.no_presence = true;
    return attach;
  }());
  hold_lines(slash, out, ann, channel);
  irc::Line line("s", "JOIN");
  publish(slash, out, channel, line.trailing("#x"), port::FrameClass::Presence, nullptr);
  say("chat");
  sent(ann);
  release_held_lines(slash, out, ann);
  EXPECT_EQ(sent(ann), "chat sub ");
}

// A line to several channels is sent once and in order, even if lines of only one of the channels
// are held for the reader.
TEST_F(HeldLinesTest, ALineToSeveralChannelsIsSentOnce) {
  Session& bob = add(2);
  irc::Channel& other = slash.world.create(irc::channel_name("#y"), *ann.peer, {}, random, now);
  slash.world.join(*bob.peer, channel);
  slash.world.join(*bob.peer, other);
  hold_lines(slash, out, ann, channel);
  hold_lines(slash, out, ann, other);
  sent(ann);
  irc::Line line("s", "QUIT");
  publish_shared(slash, out, *bob.peer, line.trailing("quit"), port::FrameClass::Presence, false);
  sent(ann);
  release_held_lines(slash, out, ann);
  EXPECT_EQ(sent(ann), "quit sub sub ");
}
