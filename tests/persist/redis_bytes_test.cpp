// Every byte survives a round trip, in every text field and in keys.
#include <gtest/gtest.h>

#include "tests/persist/records.hpp"
#include "tests/persist/redis_driver.hpp"
#include "tests/persist/redis_server.hpp"

using namespace signaller;
using namespace signaller::tests;

namespace {

const std::string odd("a b\r\n\"'\\\0\xff $1 *3\t%s %n {x} \xe2\x82\xac", 31);
const std::string resp = "\r\n*1\r\n$7\r\nFLUSHALL\r\n";
const std::string broken = "\xc3\x28\xed\xa0\x80\xf8\x80";  // invalid UTF-8
const std::string big(64 * 1024, '\0');

port::KeptMessage odd_message(std::uint64_t seq, const std::string& bytes) {
  auto message = kept(seq);
  message.label = bytes;
  message.name = bytes;
  message.line = message.msgid = message.from = bytes;
  return message;
}

std::vector<port::Record> records_of(const std::string& bytes) {
  auto one = peer(bytes, bytes);
  one.name = one.info = one.secret = one.dm = bytes;
  one.away = one.inbox_epoch = bytes;
  one.blocks = {bytes, "", bytes};
  auto room = channel("#" + bytes);
  room.topic = room.creator = room.epoch = room.token = room.modes = bytes;
  room.title = room.descp = room.info = bytes;
  room.ranks = {{bytes, "@", 1, 0}};
  room.mutes = {{bytes, "", 0, 2}};
  room.invites = {{bytes, "", 3, 4}};
  room.bans = {ban(bytes, bytes)};
  room.bans[0].by = bytes;
  auto whole = ban(bytes, bytes);
  whole.by = bytes;
  const std::string folded = persist::folded("#" + bytes);
  auto entry = audit(1, bytes);
  entry.actor = entry.operator_name = entry.target = entry.reason = bytes;
  entry.before = entry.after = bytes;
  return {one,
          room,
          port::MemberRecord{folded, bytes, "+"},
          port::MessageRecord{folded, 1, odd_message(1, bytes)},
          port::MailRecord{bytes, 1, true, odd_message(1, bytes)},
          whole,
          entry};
}

void comes_back(const std::string& bytes) {
  const RedisServer server;
  const auto records = records_of(bytes);
  RedisDriver first(redis_options(server.url()));
  ASSERT_EQ(first.load().error, "");
  ASSERT_TRUE(first.save(records));
  first.close();
  RedisDriver second(redis_options(server.url(), "boot2"));
  const auto restored = second.load();
  EXPECT_TRUE(restored.skipped.empty());
  const port::Snapshot& all = restored.snapshot;
  ASSERT_EQ(all.peers.size(), 1U);
  EXPECT_EQ(text(all.peers[0]), text(std::get<port::PeerRecord>(records[0])));
  ASSERT_EQ(all.channels.size(), 1U);
  EXPECT_EQ(text(all.channels[0]), text(std::get<port::ChannelRecord>(records[1])));
  ASSERT_EQ(all.members.size(), 1U);
  EXPECT_EQ(text(all.members[0]), text(std::get<port::MemberRecord>(records[2])));
  ASSERT_EQ(all.messages.size(), 1U);
  EXPECT_EQ(text(all.messages[0]), text(std::get<port::MessageRecord>(records[3])));
  ASSERT_EQ(all.mail.size(), 1U);
  EXPECT_EQ(text(all.mail[0]), text(std::get<port::MailRecord>(records[4])));
  ASSERT_EQ(all.bans.size(), 1U);
  EXPECT_EQ(text(all.bans[0]), text(std::get<port::BanRecord>(records[5])));
  ASSERT_EQ(all.audit.size(), 1U);
  EXPECT_EQ(text(all.audit[0]), text(std::get<port::AuditRecord>(records[6])));
  second.close();
}

}  // namespace

TEST(RedisBytes, RoundTripsControlBytes) {
  comes_back(odd);
}

TEST(RedisBytes, RoundTripsRedisCommands) {
  comes_back(resp);
}

TEST(RedisBytes, RoundTripsInvalidUtf8) {
  comes_back(broken);
}

TEST(RedisBytes, RoundTripsTextThatLooksLikeTheFormat) {
  for (const char* text : {"-", "%", "%2d", " ", "+", "@", "1", "1 2 3", "9:a", "m:5f", "d"}) {
    comes_back(text);
  }
}

/// A prefix may hold any bytes and matches no other prefix.
TEST(RedisBytes, AcceptsAnyPrefix) {
  for (const auto& prefix : {odd, resp, broken, std::string("*?[a-z]\\{}"), std::string()}) {
    const RedisServer server;
    server.tell({"SET", "bystander", "1"});
    auto options = redis_options(server.url());
    options.prefix = prefix;
    {
      RedisDriver first(options);
      ASSERT_EQ(first.load().error, "");
      ASSERT_TRUE(first.save(records_of(odd)));
      first.close();
    }
    options.boot = "boot2";
    RedisDriver second(options);
    const auto restored = second.load();
    EXPECT_TRUE(restored.skipped.empty());
    EXPECT_EQ(restored.snapshot.messages.size(), 1U);
    EXPECT_EQ(server.ask({"EXISTS", prefix + "lease"}), "1");
    EXPECT_EQ(server.ask({"GET", "bystander"}), "1");
  }
}

TEST(RedisBytes, RoundTripsRandomBytes) {
  comes_back(big);
}
