// RFC 6455 §10.4: clients that send much and read nothing.
#include "tests/rfc6455/suite.hpp"

namespace signaller::net {
namespace {

using Unread = Rfc6455;

/// Returns the number of bytes that wait to be written, for all connections together.
std::size_t waiting_bytes(Peer& asker) {
  asker.put(text("ask"));
  const std::string stats = asker.hear();
  const std::string key = "queues.bytes=";
  const std::size_t at = stats.find(key);
  EXPECT_NE(at, std::string::npos) << stats;
  return std::stoul(stats.substr(at + key.size()));
}

TEST_P(Unread, S10_4_PingsWithUnreadAnswersEndTheConnection) {
  const auto asker = open("/");
  const auto flooder = open("/echo", 4'096);
  std::string pings;
  constexpr std::size_t All = 12UL * 1024 * 1024;
  while (pings.size() < All) pings += ping(std::string(125, 'p'));
  flooder->press(pings);
  // One turn may add up to 256 KiB.
  const std::size_t bound = OutboxLimits{}.signals + 256UL * 1024;
  EXPECT_LE(waiting_bytes(*asker), bound);
  std::string heard = flooder->hear();
  std::size_t answers = 0;
  for (; heard == word("pong", std::string(125, 'p')); heard = flooder->hear()) ++answers;
  EXPECT_EQ(heard, "close 3008");
  EXPECT_EQ(flooder->hear(), "eof");
  EXPECT_LT(answers, All / 131);
}

TEST_P(Unread, S5_2_ManyMessagesSentBeforeReadingAreEchoed) {
  const auto peer = open("/echo", 4'096);
  std::string bytes;
  std::vector<std::size_t> ends;
  while (bytes.size() < 24UL * 1024 * 1024) {
    bytes += binary(std::string(1'000 + ends.size() % 5'000, 'x'));
    ends.push_back(bytes.size());
  }
  const std::size_t went = peer->press(bytes);
  EXPECT_LT(went, bytes.size()) << "a server that is not read from reads no further";
  std::thread rest([&] { peer->put(bytes.substr(went)); });
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const std::string answer = peer->hear();
    if (answer != word("binary", std::string(1'000 + i % 5'000, 'x'))) {
      ADD_FAILURE() << "message " << i << ": " << answer;
      break;
    }
  }
  rest.join();
  hears(*peer, {});
}

// Only without TLS: Peer::press() writes no TLS records, and both kinds use the same outbox.
INSTANTIATE_TEST_SUITE_P(Rfc6455, Unread,
                         testing::Values(Way{false, 1, false}, Way{false, 2, true}), name_of);

}  // namespace
}  // namespace signaller::net
