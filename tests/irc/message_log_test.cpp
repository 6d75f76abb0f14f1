#include "irc/history/message_log.hpp"

#include <gtest/gtest.h>

#include "tests/irc/world_fixture.hpp"

using namespace signaller::irc;

namespace {

std::vector<std::uint64_t> numbers(const std::vector<StoredMessagePtr>& messages) {
  std::vector<std::uint64_t> out;
  for (const auto& entry : messages) out.push_back(entry->seq);
  return out;
}
std::vector<std::uint64_t> numbers(const MessageLog& log) {
  return numbers(log.slice(0, log.size()));
}
using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST(MessageLog, KeepsTheLastMessages) {
  MessageLog log;
  LogLimits limits;
  limits.messages = 3;
  EXPECT_EQ(log.size(), 0U);
  for (std::uint64_t seq = 1; seq <= 10; ++seq) {
    log.add(message(seq), limits);
    EXPECT_EQ(log.size(), std::min<std::size_t>(seq, 3));
    EXPECT_EQ(log[log.size() - 1]->seq, seq);
  }
  EXPECT_EQ(numbers(log), (Numbers{8, 9, 10}));
  EXPECT_EQ(log[0]->seq, 8U);
}

TEST(MessageLog, IsBoundedInBytes) {
  MessageLog log;
  LogLimits limits;
  limits.bytes = 1'000;
  log.add(message(1, 0, 400), limits);
  log.add(message(2, 0, 400), limits);
  EXPECT_EQ(log.bytes(), 800U);
  log.add(message(3, 0, 400), limits);
  EXPECT_EQ(numbers(log), (Numbers{2, 3}));
  EXPECT_EQ(log.bytes(), 800U);
  log.add(message(4, 0, 2'000), limits);
  EXPECT_EQ(log.size(), 0U) << "a message above the limit is not kept";
  EXPECT_EQ(log.bytes(), 0U);
}

TEST(MessageLog, ExpiresOldMessages) {
  MessageLog log;
  LogLimits limits;
  limits.age_ms = 100;
  log.add(message(1, 1'000), limits);
  log.add(message(2, 1'050), limits);
  log.expire(1'100, limits);
  EXPECT_EQ(log.size(), 2U) << "exactly the age limit";
  log.expire(1'101, limits);
  EXPECT_EQ(numbers(log), (Numbers{2}));
  log.add(message(3, 1'200), limits);
  EXPECT_EQ(numbers(log), (Numbers{3})) << "adding a message expires old ones";
  EXPECT_EQ(log.bytes(), log[0]->cost());
}

TEST(MessageLog, FindsPositionsBetweenNumbers) {
  MessageLog log;
  for (const std::uint64_t seq : {3U, 4U, 9U, 10U}) log.add(message(seq), {});
  EXPECT_EQ(log.count_up_to(0), 0U);
  EXPECT_EQ(log.count_up_to(2), 0U);
  EXPECT_EQ(log.count_up_to(3), 1U);
  EXPECT_EQ(log.count_up_to(5), 2U);
  EXPECT_EQ(log.count_up_to(9), 3U);
  EXPECT_EQ(log.count_up_to(99), 4U);
  EXPECT_EQ(numbers(log.slice(1, 3)), (Numbers{4, 9}));
}

TEST(MessageLog, DropsTheOlderHalf) {
  MessageLog log;
  for (std::uint64_t seq = 1; seq <= 5; ++seq) log.add(message(seq, 0, 300), {});
  log.drop_older_half();
  EXPECT_EQ(numbers(log), (Numbers{4, 5}));
  EXPECT_EQ(log.bytes(), 600U);
  log.drop_older_half();
  log.drop_older_half();
  EXPECT_EQ(log.size(), 0U) << "a single message is dropped too";
  log.drop_older_half();
  EXPECT_EQ(log.bytes(), 0U);
}

TEST(MessageLog, CountsBytesInRandomHistory) {
  signaller::tests::Seeded random(3);
  MessageLog log;
  LogLimits limits;
  limits.messages = 7;
  limits.bytes = 2'000;
  limits.age_ms = 50;
  for (std::uint64_t seq = 1; seq <= 2'000; ++seq) {
    const auto now = static_cast<std::int64_t>(seq * 10);
    if (random.one_in(40)) log.drop_older_half();
    if (random.one_in(10)) log.expire(now + 30, limits);
    log.add(message(seq, now, 200 + random.below(400)), limits);
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < log.size(); ++i) {
      bytes += log[i]->cost();
      ASSERT_EQ(log[i]->seq, seq - (log.size() - 1 - i));
    }
    ASSERT_EQ(log.bytes(), bytes);
    ASSERT_LE(bytes, limits.bytes);
  }
}
