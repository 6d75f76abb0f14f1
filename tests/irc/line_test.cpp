#include "irc/line.hpp"

#include <gtest/gtest.h>

#include "irc/text/json_writer.hpp"
#include "irc/world.hpp"
#include "tests/seeded.hpp"

using namespace signaller::irc;

namespace {

constexpr auto Id = "5f0c3e0000000000000000aa";

std::string tag_value(std::string_view text) {
  std::string out;
  append_tag_value(out, text);
  return out;
}
std::string time_text(std::int64_t ms) {
  std::string out;
  append_time(out, ms);
  return out;
}
std::string json_text(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

}  // namespace

TEST(Line, HasSourceVerbParamsTrailing) {
  const Line line = Line("signaller", "CHANNEL").param("#x").param(7U).trailing(":) a");
  EXPECT_EQ(line.render(PlainForm), ":signaller CHANNEL #x 7 ::) a");
}

TEST(Line, NumericsHaveThreeDigitsAndATarget) {
  EXPECT_EQ(Line("signaller", Reply::Welcome, "*").plain(), ":signaller 001 *");
  EXPECT_EQ(Line("signaller", Reply::NotChannelOperator, "*").plain(), ":signaller 482 *");
}

TEST(Line, MiddleParametersKeepTheLineIntact) {
  EXPECT_EQ(Line("s", "V").param("").plain(), ":s V *");
  EXPECT_EQ(Line("s", "V").param(":a").plain(), ":s V *");
  EXPECT_EQ(Line("s", "V").param("a b").plain(), ":s V a");
  EXPECT_EQ(Line("s", "V").param(" a").plain(), ":s V *");
}

TEST(Line, OnlyTheTaggedFormHasTags) {
  Line line("s", "PUBMSG");
  line.at(1'700'000'000'123);
  line.message("0-b-1", 9);
  EXPECT_EQ(line.render(PlainForm), ":s PUBMSG");
  EXPECT_EQ(line.render(TaggedForm), "@time=2023-11-14T22:13:20.123Z;msgid=0-b-1;seq=9 :s PUBMSG");
}

TEST(Line, LabelIsFirstInBothForms) {
  Line line("s", "PONG");
  line.at(1'700'000'000'000);
  EXPECT_EQ(line.render(PlainForm, "x"), "@label=x :s PONG");
  EXPECT_EQ(line.render(TaggedForm, "x"), "@label=x;time=2023-11-14T22:13:20.000Z :s PONG");
}

TEST(Line, AckHasMsgidAndSeqInBothForms) {
  Line line("s", "ACK");
  line.acknowledged("0-b-1", 9);
  EXPECT_EQ(line.render(PlainForm, "x"), "@label=x;msgid=0-b-1;seq=9 :s ACK");
}

TEST(Line, SourceIsIdOrNickAndId) {
  signaller::port::TopicNumbers numbers;
  World world{numbers};
  signaller::tests::Seeded random(3);
  Peer& peer = world.add(*PeerId::parse(Id), {}, {}, {}, random, {});
  EXPECT_EQ(Line(peer, "QUIT").plain(), std::string(":") + Id + " QUIT");
  world.describe(peer, {"ann", "Ann; A", "{}"}, {});
  EXPECT_EQ(Line(peer, "QUIT").plain(), std::string(":ann!") + Id + " QUIT");
  EXPECT_EQ(Line(peer, "QUIT").render(TaggedForm),
            std::string("@name=Ann\\:\\sA :ann!") + Id + " QUIT");
}

TEST(Line, RendersNeededFormsOnly) {
  const auto encode = [](FormCounts counts) {
    return Line("s", "COUNT").param("#x").encode(counts);
  };
  EXPECT_EQ(encode({0, 0})[PlainForm], nullptr);
  EXPECT_EQ(encode({0, 0})[TaggedForm], nullptr);
  EXPECT_EQ(*encode({1, 0})[PlainForm], ":s COUNT #x");
  EXPECT_EQ(encode({1, 0})[TaggedForm], nullptr);
  EXPECT_EQ(encode({0, 2})[PlainForm], nullptr);
  EXPECT_EQ(*encode({3, 2})[TaggedForm], ":s COUNT #x");
  EXPECT_EQ(*encode({3, 2})[PlainForm], ":s COUNT #x");
}

TEST(Tags, EscapesValuesAsMessageTags) {
  EXPECT_EQ(tag_value("a;b c\\d\r\n"), "a\\:b\\sc\\\\d\\r\\n");
  EXPECT_EQ(tag_value("直"), "直");
}

TEST(Tags, WritesServerTime) {
  EXPECT_EQ(time_text(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(time_text(951'782'400'000), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(time_text(1'709'251'199'999), "2024-02-29T23:59:59.999Z");
  EXPECT_EQ(time_text(4'107'542'400'000), "2100-03-01T00:00:00.000Z");
  EXPECT_EQ(time_text(-1), "1969-12-31T23:59:59.999Z");
}

TEST(Json, EscapesControlCharacters) {
  EXPECT_EQ(json_text("a\"\\\n\x1b\x7f"), "\"a\\\"\\\\\\u000a\\u001b\\u007f\"");
  EXPECT_EQ(json_text("\xc2\x85\xc2\xa0é"), "\"\\u0085\xc2\xa0é\"");
  EXPECT_EQ(json_text("\xc2"), "\"\xc2\"");
}

TEST(Replies, AreWellFormed) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(Reply::HelpEnd); ++i) {
    const auto& reply = info(static_cast<Reply>(i));
    EXPECT_EQ(reply.code.size(), 3U) << reply.name;
    EXPECT_EQ(reply.code.find_first_not_of("0123456789"), std::string_view::npos) << reply.name;
    EXPECT_FALSE(reply.name.empty());
  }
  EXPECT_EQ(info(Reply::NotChannelOperator).code, "482");
  EXPECT_EQ(info(Failure::AmbiguousPeer).code, "AMBIGUOUS_PEER");
  EXPECT_EQ(info(Note::AlreadyJoined).code, "ALREADY_JOINED");
}
