// Held connections: the server does not read them, loses nothing that they send, and buffers only a
// bounded part. Also tests queries of the protocol to the edge.
#include "tests/net/server_fixture.hpp"

namespace signaller::net {
namespace {

using testing::HasSubstr;

/// Clients send `limit` first. Before the first FrameLimit, a shard waits for the core after each
/// message; afterwards, a shard on another thread may read further messages meanwhile.
class HoldTest : public ServerTest {};

TEST_P(HoldTest, MessagesOfAHeldConnectionWaitInOrder) {
  const auto other = joined();
  const auto client = joined();
  client->write(Client::frame(1, "limit 60000") + Client::frame(1, "hold") +
                Client::frame(1, "one") + Client::frame(1, "two"));
  EXPECT_EQ(client->hear(), "held");
  client->say("three");
  other->say("free");
  for (const char* expected : {"freed", "one", "two", "three"}) {
    EXPECT_EQ(client->hear(), expected);
  }
  client->say("four");
  EXPECT_EQ(client->hear(), "four");
}

TEST_P(HoldTest, OtherConnectionsAreHandledMeanwhile) {
  const auto other = joined();
  const auto client = joined();
  client->say("hold");
  EXPECT_EQ(client->hear(), "held");
  other->say("pub news");
  EXPECT_EQ(client->hear(), "news");
  other->say("echo");
  EXPECT_EQ(other->hear(), "echo");
}

TEST_P(HoldTest, MessagesWaitForTheEndOfTheReplyAndTheRelease) {
  const auto other = joined();
  const auto client = joined();
  client->write(Client::frame(1, "hold 5") + Client::frame(1, "echo"));
  EXPECT_EQ(client->hear(), "held");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client->hear().size(), 60'000U) << i;
  EXPECT_EQ(client->hear(), "end");
  other->say("free");
  EXPECT_EQ(client->hear(), "freed");
  EXPECT_EQ(client->hear(), "echo");
}

TEST_P(HoldTest, AReleaseDuringALongReplyWaitsForItsEnd) {
  const auto other = joined();
  const auto client = joined();
  client->write(Client::frame(1, "hold 100") + Client::frame(1, "echo"));
  EXPECT_EQ(client->hear(), "held");
  other->say("free");
  std::vector<std::string> ends;
  std::size_t chunks = 0;
  while (ends.size() < 3) {
    const std::string heard = client->hear();
    ASSERT_NE(heard, "(eof)");
    heard.size() == 60'000 ? void(++chunks) : ends.push_back(heard);
  }
  EXPECT_EQ(chunks, 100U);
  EXPECT_EQ(ends, (std::vector<std::string>{"freed", "end", "echo"}));
}

TEST_P(HoldTest, AFloodIsReadOnlyAfterTheRelease) {
  // Large outboxes, because the slow reader gets the whole flood at once in the end.
  Tuning patient;
  patient.outbox.all = patient.outbox.chat = 64UL * 1024 * 1024;
  server_->tune(patient);
  const auto other = joined();
  const auto client = joined();
  client->say("limit 60000");
  client->say("hold");
  EXPECT_EQ(client->hear(), "held");
  const std::string frame = Client::frame(1, "pub " + std::string(30'000, 'f'));
  constexpr std::size_t Much = 64UL * 1024 * 1024;
  const std::size_t written = client->press(frame, Much);
  EXPECT_LT(written, Much);  // the server does not read a held connection
  other->say("free");
  client->write(frame.substr(written % frame.size()));
  for (std::size_t i = 0; i <= written / frame.size(); ++i) {
    ASSERT_EQ(other->hear().size(), 30'000U) << i;
  }
}

TEST_P(HoldTest, ACloseByTheClientIsHandledAfterItsMessages) {
  const auto other = joined();
  const auto client = joined();
  client->write(Client::frame(1, "hold") + Client::frame(1, "pub last") +
                Client::frame(8, std::string("\x03\xe8", 2)));
  EXPECT_EQ(client->hear(), "held");
  other->say("free");
  EXPECT_EQ(other->hear(), "last");
  EXPECT_EQ(other->hear(), "gone 1000");
  EXPECT_EQ(client->hear(), "freed");
  EXPECT_EQ(client->hear(), "(1000)");
}

/// A shard on another thread may read the end of the stream before the Hold reaches the shard.
TEST_P(HoldTest, AnEndThatWasReadAheadIsHandledAfterTheMessages) {
  const auto other = joined();
  const auto client = joined();
  client->write(Client::frame(1, "limit 60000") + Client::frame(1, "hold") +
                Client::frame(1, "pub last") + Client::frame(8, std::string("\x03\xe8", 2)));
  EXPECT_THAT(client->hear(), testing::AnyOf("held", "(1000)"));
  other->say("echo");
  EXPECT_EQ(other->hear(), "echo");  // neither "last" nor "gone" comes before the release
  other->say("free");
  EXPECT_EQ(other->hear(), "last");
  EXPECT_EQ(other->hear(), "gone 1000");
}

TEST_P(HoldTest, ALostHeldConnectionIsReported) {
  const auto other = joined();
  const auto client = joined();
  client->write(Client::frame(1, "limit 60000") + Client::frame(1, "hold") +
                Client::frame(1, "pub last"));
  EXPECT_EQ(client->hear(), "held");
  client->close();
  other->say("free");
  EXPECT_EQ(other->hear(), "last");
  EXPECT_EQ(other->hear(), "gone 1006");
}

TEST_P(HoldTest, ACloseByTheServerIsReportedAtOnce) {
  const auto other = joined();
  const auto client = joined();
  client->write(Client::frame(1, "limit 60000") + Client::frame(1, "hold") +
                Client::frame(1, "pub never"));
  EXPECT_EQ(client->hear(), "held");
  other->say("cut");
  EXPECT_EQ(client->hear(), "(3505)");
  EXPECT_EQ(other->hear(), "gone 3505");
  other->say("free");  // must have no effect: the held connection has gone
  other->say("echo");
  EXPECT_EQ(other->hear(), "echo");
}

TEST_P(HoldTest, AStatisticsQueryReturnsTheCounters) {
  const auto other = joined();
  const auto client = joined();
  other->say("pub x");
  EXPECT_EQ(client->hear(), "x");
  EXPECT_THAT(get("/nowhere"), testing::StartsWith("HTTP/1.1 404"));
  std::string answer;
  do {  // waits until the server has noticed that the third client has gone
    client->say("ask");
    answer = client->hear();
    ASSERT_THAT(answer, testing::StartsWith("answer 5 yes net.connections="));
  } while (answer.find("net.connections=3") != std::string::npos);
  EXPECT_THAT(answer, HasSubstr("net.connections=2 net.accepted=3"));
  for (const char* stat : {"net.refused=1", "net.deliveries=", "net.shed=0", "net.too_slow=0",
                           "queues.bytes=0", "store.kind=test", "store.durable=0", "store.ready=1",
                           "store.records=0", "log.dropped=3"}) {
    EXPECT_THAT(answer, HasSubstr(stat));
  }
  EXPECT_THAT(answer, testing::ContainsRegex("process.resident=[0-9]{6,}"));
  EXPECT_THAT(answer, testing::ContainsRegex("net.deliveries=([4-9]|[1-9][0-9]+)"));
}

TEST_P(HoldTest, AReloadQueryIsAnswered) {
  const auto client = joined();
  client->say("reload");
  EXPECT_EQ(client->hear(), "answer 6 no limits.line.error=too short");
}

TEST_P(HoldTest, OpenedAndClosedConnectionsAreReported) {
  const auto client = joined();
  client->say("close 3000");
  EXPECT_EQ(client->hear(), "(3000)");
  end();
  EXPECT_EQ(opened_, std::vector<std::string>{"127.0.0.1"});
  EXPECT_EQ(closed_, std::vector<std::uint16_t>{3000});
}

TEST_P(HoldTest, NewLimitsApplyToLaterRequests) {
  Tuning tuning;
  tuning.head_bytes = 512;
  server_->tune(tuning);
  const auto client = joined();  // the shard has applied the change once it serves this client
  const auto second = joined();
  const auto third = joined();
  EXPECT_THAT(get("/" + std::string(600, 'x')), testing::StartsWith("HTTP/1.1 414"));
}

TEST_P(HoldTest, ImmediateStopDoesNotWaitForConnections) {
  const auto deaf = joined();
  server_->stop();
  EXPECT_EQ(deaf->hear(), "last words");
  server_->stop_at_once();
  thread_.join();
  server_.reset();
  EXPECT_THAT(deaf->hear(), testing::AnyOf("(1001)", "(eof)"));
}

INSTANTIATE_TEST_SUITE_P(All, HoldTest, Shapes, name_of);

}  // namespace
}  // namespace signaller::net
