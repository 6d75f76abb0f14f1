// Tests of the runner: a transcript that differs from the received lines must fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "tests/transcript/pattern.hpp"
#include "tests/transcript/player.hpp"
#include "tests/transcript/script.hpp"

namespace signaller::transcript {
namespace {

using testing::HasSubstr;

/// A protocol for these tests. All clients are in one topic. A line is published to the other
/// clients, in capitals for form 1. `quiet` and `loud` change the subscription, `end` closes,
/// `sleep` wakes the sender after 5 s, `two` answers in two pieces, `store` answers when its record
/// is stored.
class Echo final : public port::Protocol {
 public:
  [[nodiscard]] std::vector<port::Endpoint> endpoints() const override { return {}; }
  [[nodiscard]] std::size_t first_frame_limit() const override { return 20; }

  port::Effects on_open(const port::Opened& opened, port::Instant) override {
    port::Effects effects;
    effects.add(port::Send{opened.connection, "welcome"});
    effects.add(port::Subscribe{opened.connection, Everybody, 0, false});
    return effects;
  }
  port::Effects on_text(port::ConnectionId from, std::string_view text,
                        port::Instant now) override {
    last_ = from;
    if (text == "quiet") return port::Effect(port::Subscribe{from, Everybody, 1, true});
    if (text == "end") return port::Effect(port::Close{from, 1000, "asked"});
    if (text == "two") return port::Effect(port::Send{from, "one", {}, 0, true});
    if (text == "store") return port::Effect(port::Persist{{}, 7});
    if (text == "keep") {
      port::PeerRecord peer;
      peer.id = "a";
      return port::Effect(port::Persist{{peer}, 8});
    }
    if (text == "room") return port::Effect(port::FrameLimit{from, 30});
    if (text == "nobody") return port::Effect(port::Send{{}, "x"});
    if (text == "sleep") {
      deadline_ = now.steady_ms + 5'000;
      return port::Effect(port::Wake{deadline_});
    }
    return say(std::string(text), port::FrameClass::Chat, from);
  }
  port::Effects on_close(const port::Closed& closed, port::Instant) override {
    return say("gone " + std::to_string(closed.code), port::FrameClass::Presence, {});
  }
  port::Effects on_tick(port::Instant now) override {
    if (now.steady_ms < deadline_) return port::Effect(port::Wake{deadline_});
    return port::Effect(port::Send{last_, "awake"});
  }
  port::Effects on_drain(port::ConnectionId who, port::Instant) override {
    return port::Effect(port::Send{who, "two"});
  }
  port::Effects on_stored(const port::Stored& stored, port::Instant) override {
    return port::Effect(port::Send{last_, "stored " + std::to_string(stored.token)});
  }

 private:
  static constexpr auto Everybody = port::TopicId{1};

  static port::Effects say(const std::string& text, port::FrameClass frame_class,
                           port::ConnectionId except) {
    auto plain = std::make_shared<const std::string>(text);
    auto marked = std::make_shared<const std::string>("!" + text);
    return port::Effect(
        port::PublishUnion{{Everybody, port::TopicId{2}}, {plain, marked}, frame_class, except});
  }

  port::ConnectionId last_;
  std::int64_t deadline_ = 0;
};

/// Plays the steps after `a connects` and its welcome.
std::string play_after_start(const std::string& steps) {
  Echo echo;
  const auto text = "a connects\na< welcome\n== t\n" + steps;
  return play(parse_script("t.txt", text).front(), echo);
}

const std::string two = "b connects\nb< welcome\n";

TEST(Runner, AcceptsAMatchingTranscript) {
  EXPECT_EQ(play_after_start(two + "a> hi\nb< hi\na<<\nb> ho\na< ho\n"), "");
}

TEST(Runner, RejectsAnUnexpectedLineBeforeTheNextInput) {
  const auto failure = play_after_start(two + "a> hi\na> ho\nb< hi\nb< ho\n");
  EXPECT_THAT(failure, HasSubstr("t.txt:7: b received what nobody expected"));
  EXPECT_THAT(failure, HasSubstr("left over: b< hi"));
}

TEST(Runner, RejectsAnUnexpectedLineAtTheEnd) {
  EXPECT_THAT(play_after_start(two + "a> hi\n"), HasSubstr("at the end of \"t\""));
}

TEST(Runner, RejectsAMissingLine) {
  const auto failure = play_after_start("a> hi\na< hi\n");
  EXPECT_THAT(failure, HasSubstr("t.txt:5: a received nothing\n  expected: hi"));
}

TEST(Runner, RejectsADifferentLineAndShowsBoth) {
  const auto failure = play_after_start(two + "a> hi\nb< ho\n");
  EXPECT_THAT(failure, HasSubstr("expected: ho\n  got:      hi"));
}

TEST(Runner, RejectsTheWrongOrder) {
  const auto order = "a> two\na< two\na< one\n";
  EXPECT_THAT(play_after_start(order), HasSubstr("expected: two\n  got:      one"));
}

TEST(Runner, RejectsALineWhereNoneIsExpected) {
  EXPECT_THAT(play_after_start(two + "a> hi\nb<<\n"), HasSubstr("b received what it should not"));
}

TEST(Runner, DrainsAtOnceUnlessStalled) {
  EXPECT_EQ(play_after_start("a> two\na< one\na< two\n"), "");
  EXPECT_EQ(play_after_start(two + "a stalls\na> two\na< one\na> hi\nb<<\na drains\n"
                                   "a< two\nb< hi\n"),
            "");
}

TEST(Runner, MovesTheClock) {
  EXPECT_EQ(play_after_start("a> sleep\n+4999ms\na<<\n+1ms\na< awake\n"), "");
  EXPECT_THAT(play_after_start("a> sleep\n+4s\na< awake\n"), HasSubstr("a received nothing"));
}

TEST(Runner, AppliesFormsAndPresenceOptions) {
  EXPECT_EQ(play_after_start(two + "a> quiet\nb> hi\na< !hi\nb closes 1001\na<<\n"), "");
  EXPECT_EQ(play_after_start(two + "b is lost\na< gone 1006\n"), "");
}

TEST(Runner, ShowsCloses) {
  EXPECT_EQ(play_after_start(two + "a> end\na< (closed 1000 *)\nb< gone 1000\n"), "");
  EXPECT_THAT(play_after_start("a> end\na< (closed 1001 *)\n"), HasSubstr("another line"));
  EXPECT_THAT(play_after_start("a> end\na< (closed 1000 asked)\na> hi\n"),
              HasSubstr("a is not connected"));
}

TEST(Runner, ShowsTheFrameLimit) {
  EXPECT_EQ(play_after_start("a may send 20\na> room\na may send 30\na> {30 x}\n"), "");
  EXPECT_EQ(play_after_start("a> {21 x}\na< (closed 1009 *)\n"), "");
}

TEST(Runner, StoresAtOnce) {
  EXPECT_EQ(play_after_start("a> store\na< stored 7\n"), "");
}

TEST(Runner, RejectsRecordsLeftInTheStore) {
  EXPECT_THAT(play_after_start("a> keep\na< stored 8\n"), HasSubstr("the peer a stays"));
  EXPECT_THAT(
      play_after_start("a> keep\na< stored 8\nstore holds 2 peers, 0 channels, 0 members\n"),
      HasSubstr("the store holds 1 peers, 0 channels, 0 members, not 2 peers"));
}

TEST(Runner, ReportsContractViolations) {
  EXPECT_THAT(play_after_start("a> nobody\n"), HasSubstr("names no connection"));
}

TEST(Runner, ShutsDown) {
  EXPECT_EQ(play_after_start("server shuts down\na< (closed 1001 *)\n"), "");
}

TEST(Runner, IgnoresAndListens) {
  EXPECT_EQ(play_after_start(two + "b ignores\na> hi\na> ho\nb listens\na> hm\nb< hm\n"), "");
}

TEST(Runner, SkipsToARequiredLine) {
  EXPECT_EQ(play_after_start("a> two\na< ...\na< two\n"), "");
  EXPECT_EQ(play_after_start("a> two\na< ...\na> store\na< stored 7\n"), "");
  EXPECT_THAT(play_after_start("a> two\na< ...\na< three\n"), HasSubstr("received nothing"));
}

TEST(Script, Repeats) {
  EXPECT_EQ(play_after_start(two + "b ignores\nrepeat 9..11 a> x{nn}\nb listens\n"), "");
  const auto steps = parse_script("t", "== t\nrepeat 9..11 a> x{nn}y{n}\n").front().steps;
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(steps[0].text, "x09y9");
  EXPECT_EQ(steps[2].text, "x11y11");
}

TEST(Script, ParsesScenariosWithTheirSettings) {
  const auto all = parse_script("t", "set a 1\na connects\n== one\nset b 2\na> x\n== two\n");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].settings.size(), 2U);
  EXPECT_EQ(all[0].steps.size(), 2U);
  EXPECT_EQ(all[1].settings.size(), 1U);
  EXPECT_EQ(all[1].steps.size(), 1U);
}

TEST(Script, RejectsUnknownSteps) {
  EXPECT_THROW(parse_script("t", "== t\na says hi\n"), ScriptError);
  EXPECT_THROW(parse_script("t", "a> hi\n"), ScriptError);
  EXPECT_THROW(parse_script("t", "== t\na> hi\nset a 1\n"), ScriptError);
}

bool fits(std::string_view pattern, std::string_view line) {
  Captures none;
  return matches(pattern, line, none);
}

TEST(Pattern, MatchesWholeLines) {
  EXPECT_TRUE(fits("a b", "a b"));
  EXPECT_FALSE(fits("a b", "a b "));
  EXPECT_FALSE(fits("a b ", "a b"));
}

TEST(Pattern, StarAfterColonMatchesNonEmptyText) {
  EXPECT_TRUE(fits("x :*", "x :some text"));
  EXPECT_FALSE(fits("x :*", "x :"));
  EXPECT_TRUE(fits("ACK *", "ACK *"));
  EXPECT_FALSE(fits("ACK *", "ACK #x"));
}

TEST(Pattern, CapturesAndComparesLater) {
  Captures found;
  EXPECT_TRUE(matches("{a}:{b} {a}", "x:1 x", found));
  EXPECT_EQ(found["b"], "1");
  EXPECT_FALSE(matches("{a}", "y", found));
  EXPECT_EQ(expand("say {a} {c}", found), "say x {c}");
}

TEST(Pattern, MatchesWordsGlobsAndRepeats) {
  EXPECT_TRUE(fits("a {*} c", "a b c"));
  EXPECT_FALSE(fits("a {*} c", "a b b c"));
  EXPECT_TRUE(fits(":~glob *one*two", ":one and two"));
  EXPECT_FALSE(fits(":~glob *one*two", ":two and one"));
  EXPECT_EQ(expand(R"({3 a\n})", {}), "a\na\na\n");
}

TEST(Pattern, JsonMatchesExactlyUnlessMarked) {
  EXPECT_FALSE(fits(R"(x :{"a":1,"b":2})", R"(x :{"b":2,"a":1})"));
  EXPECT_TRUE(fits(R"(x :~json{"b":{"c":2}})", R"(x :{"a":1,"b":{"c":2,"d":3}})"));
  EXPECT_FALSE(fits(R"(x :~json{"b":3})", R"(x :{"b":2})"));
  EXPECT_FALSE(fits(R"(x :~json{"b":3})", "x :{"));
}

TEST(Pattern, EscapesAndIds) {
  EXPECT_EQ(expand(R"(a\n\x1b\\n)", {}), "a\n\x1b\\n");
  EXPECT_EQ(expand("@@ann @label=x @p7", {}),
            "@5f0c3e0000000000000000aa @label=x b00000000000000000000007");
  EXPECT_EQ(readable("5f0c3e0000000000000000aa\x1b"), R"(@ann\x1b)");
}

}  // namespace
}  // namespace signaller::transcript
