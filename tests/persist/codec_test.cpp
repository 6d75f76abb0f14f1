// Encoding and decoding of records, without Redis.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persist/format/decode.hpp"
#include "persist/format/encode.hpp"
#include "persist/format/packed_message.hpp"
#include "persist/redis/explain.hpp"
#include "tests/persist/records.hpp"

using namespace signaller;
using namespace signaller::persist;
using signaller::tests::kept;
using signaller::tests::text;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

const Keys prefixed("p:");

std::vector<Argv> encoded(const port::Record& record) {
  std::vector<Argv> out;
  encode(record, prefixed, out);
  return out;
}

struct DecodeFixture {
  LoadWarnings warnings;
  DecodeContext context{"p:k", warnings};
  std::string last_warning() {
    const auto lines = warnings.take();
    return lines.empty() ? "" : lines.back();
  }
};

bool unpacks(std::string_view packed) {
  port::KeptMessage message;
  return unpack(packed, message);
}

}  // namespace

TEST(StoredKeys, UseThePrefixAndBuckets) {
  EXPECT_EQ(prefixed.peers_of("0123456789abcdef012345f0"), "p:peers:f0");
  EXPECT_EQ(prefixed.peers_of("0123456789abcdef01234500"), "p:peers:00");
  EXPECT_EQ(prefixed.peers_of("x"), "p:peers:00") << "no id at all";
  EXPECT_EQ(prefixed.peers_of("zz"), "p:peers:00");
  EXPECT_EQ(prefixed.peers(255), "p:peers:ff");
  EXPECT_EQ(prefixed.channels_of(""), "p:channels:c5") << "FNV-1a's offset basis 0x811c9dc5";
  EXPECT_EQ(prefixed.channels_of("foobar"), "p:channels:68") << "0xbf9cf968, from FNV's own tests";
  EXPECT_EQ(prefixed.log(folded("#LobbY[]")), "p:log:#lobby[]");
}

TEST(StoredCommands, StoreTheWholeState) {
  port::PeerRecord peer;
  peer.id = "5f";
  peer.away = "";
  EXPECT_THAT(encoded(peer),
              ElementsAre(ElementsAre("DEL", "p:peer:5f"),
                          ElementsAre("HSET", "p:peer:5f", "away", "", "updated_ms", "0"),
                          ElementsAre("SADD", "p:peers:5f", "5f")));
  EXPECT_THAT(encoded(port::MemberRecord{"#x", "5f", "@"}),
              ElementsAre(ElementsAre("HSET", "p:channel:#x", "m:5f", "@")));
  EXPECT_THAT(encoded(port::ChannelGone{"#x"}),
              ElementsAre(ElementsAre("DEL", "p:channel:#x", "p:standing:#x", "p:log:#x"),
                          ElementsAre("SREM", prefixed.channels_of("#x"), "#x")));
  EXPECT_THAT(encoded(port::MessageRecord{"#x", 3, kept(7)}),
              ElementsAre(ElementsAre("XADD", "p:log:#x", "MINID", "3-0", "7-0", "d",
                                      "1700000000007 m7 5f 3 6 L-1Ann A.:ann!5f PUBMSG #x :hi")));
  EXPECT_THAT(
      encoded(tests::ban("5f")),
      ElementsAre(ElementsAre("HSET", "p:bans", "5f", "5f 1700000000000 1700000060000 too loud")));
}

TEST(PackedMessage, HoldsAnyBytes) {
  port::KeptMessage message = kept(1);
  message.label = std::string(" \0\r\n\"", 5);
  message.name = "3 4 ";
  message.line = std::string(64 * 1024, '\xff') + std::string(1, '\0');
  message.from.clear();
  port::KeptMessage again;
  again.seq = 1;
  ASSERT_TRUE(unpack(pack(message), again));
  EXPECT_EQ(text(again), text(message));
}

TEST(PackedMessage, RejectsMalformedData) {
  EXPECT_TRUE(unpacks("1 m - 0 0 "));
  EXPECT_TRUE(unpacks("1 m - 1 1 ab"));
  for (const char* bad :
       {"", " ", "1", "1 m - 0 0", "1 m - 2 1 ab", "1 m - 1 2 ab", "1 m  0 0 ", "x m - 0 0 ",
        "-1 m - 0 0 ", "1 m - -1 0 ", "1 m - 18446744073709551615 1 ab",
        "1 m - 18446744073709551616 0 ab", "9223372036854775807 m - 0 0 ", "1 m - 0x1 0 ab"}) {
    EXPECT_FALSE(unpacks(bad)) << bad;
  }
}

TEST(StoredPeer, RejectsMalformedData) {
  DecodeFixture fixture;
  EXPECT_FALSE(decode_peer("5f", {}, fixture.context));
  EXPECT_EQ(fixture.last_warning(), "p:k: is in an index but does not exist");
  for (const Pairs& bad : {Pairs{{"tenure", "-1"}}, Pairs{{"owned", "yes"}}, Pairs{{"here", ""}},
                           Pairs{{"seen_ms", "1 "}}, Pairs{{"seen_ms", "-5"}},
                           Pairs{{"resume_ms", "9223372036854775807"}}, Pairs{{"blocks", "2:a"}},
                           Pairs{{"blocks", ":a"}}, Pairs{{"blocks", "a"}},
                           Pairs{{"blocks", "18446744073709551615:a"}}}) {
    EXPECT_FALSE(decode_peer("5f", bad, fixture.context)) << bad[0].first;
    EXPECT_THAT(fixture.last_warning(), HasSubstr(bad[0].first));
  }
  const auto peer =
      decode_peer("5f", {{"of_later", "x"}, {"blocks", "1:a0:3:2:b"}}, fixture.context);
  ASSERT_TRUE(peer) << "fields of later versions do not matter";
  EXPECT_THAT(peer->blocks, ElementsAre("a", "", "2:b"));
}

TEST(StoredChannel, RejectsMalformedData) {
  DecodeFixture fixture;
  std::vector<port::MemberRecord> members;
  EXPECT_FALSE(decode_channel("#x", {{"m:5f", "@"}}, members, fixture.context)) << "no name";
  EXPECT_FALSE(decode_channel("#x", {{"name", "#y"}}, members, fixture.context));
  EXPECT_FALSE(decode_channel("#x", {{"m:5f", "@"}, {"name", "#x"}, {"seq", "?"}}, members,
                              fixture.context));
  EXPECT_TRUE(members.empty()) << "they go with their channel";
  EXPECT_TRUE(decode_channel("#x", {{"name", "#X"}, {"m:5f", "@"}, {"m:60", "!"}}, members,
                             fixture.context));
  EXPECT_EQ(members.size(), 1U);
  EXPECT_EQ(fixture.last_warning(), "p:k: the value of 'm:60' is malformed");

  port::ChannelRecord channel;
  decode_standings({{"r:5f", "@ 7"},
                    {"r:60", "@"},
                    {"r:61", " 7"},
                    {"x:5f", "7"},
                    {"x:60", "7 "},
                    {"i:5f", "7 8"},
                    {"i:60", "7"},
                    {"b:5f", "a 1 2 "},
                    {"b:60", "a 1 2"},
                    {"z:5f", ""},
                    {"", ""}},
                   channel, fixture.context);
  EXPECT_EQ(channel.ranks.size(), 1U);
  EXPECT_EQ(channel.mutes.size(), 1U);
  EXPECT_EQ(channel.invites.size(), 1U);
  EXPECT_EQ(channel.bans.size(), 1U);
}

TEST(StoredEntries, RejectMalformedData) {
  DecodeFixture fixture;
  const Pairs good{{"d", "1 m - 0 0 hi"}};
  const auto message = decode_message("18446744073709551615-0", good, fixture.context);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->seq, 18446744073709551615U);
  for (const char* id : {"", "-0", "0-0", "1-1", "1", "1-00", "18446744073709551616-0"}) {
    EXPECT_FALSE(decode_message(id, good, fixture.context)) << id;
    EXPECT_FALSE(decode_audit(id, {}, fixture.context)) << id;
  }
  EXPECT_FALSE(decode_message("1-0", {}, fixture.context));
  EXPECT_FALSE(decode_message("1-0", {{"x", good[0].second}}, fixture.context));
  EXPECT_FALSE(decode_message("1-0", {good[0], good[0]}, fixture.context));
  EXPECT_EQ(fixture.last_warning(), "p:k: entry 1-0 is malformed");
}

TEST(LoadWarnings, ArePrintableAndBounded) {
  EXPECT_EQ(printable("a\r\n\x1b[31m\\\xff"), "a\\x0d\\x0a\\x1b[31m\\x5c\\xff");
  EXPECT_EQ(printable(std::string(300, 'a')).size(), 200U);
  EXPECT_EQ(printable(std::string(300, '\0')).size(), 200U);
  LoadWarnings warnings;
  for (int i = 0; i < 1'234; ++i) warnings.add("k", "is bad");
  const auto lines = warnings.take();
  ASSERT_EQ(lines.size(), 1'001U);
  EXPECT_EQ(lines.back(), "234 more, which are not listed here");
  EXPECT_TRUE(warnings.take().empty());
}

TEST(Errors, AreExplained) {
  EXPECT_EQ(explain("OOM command not allowed"),
            "Redis is out of memory (maxmemory) (OOM command not allowed)");
  EXPECT_EQ(explain("ERR\n\x1b"), "Redis returned an error (ERR\\x0a\\x1b)");
}
