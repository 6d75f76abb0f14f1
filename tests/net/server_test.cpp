// The edge over real sockets, with one shard, with several, and with the core on its own thread.
#include "tests/net/server_fixture.hpp"

namespace signaller::net {
namespace {

TEST_P(ServerTest, PublishedMessagesReachOtherClientsInOrder) {
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(joined());
  for (int i = 0; i < 50; ++i) clients[0]->say("pub " + std::to_string(i));
  for (std::size_t c = 1; c < clients.size(); ++c) {
    for (int i = 0; i < 50; ++i) ASSERT_EQ(clients[c]->hear(), std::to_string(i));
  }
}

TEST_P(ServerTest, LongRepliesDelayLaterMessages) {
  const auto client = joined();
  client->write(Client::frame(1, "big 100") + Client::frame(1, "echo") + Client::frame(9, "p"));
  std::vector<std::string> heard;
  while (heard.size() < 103) {
    heard.push_back(client->hear());
    ASSERT_NE(heard.back(), "(eof)") << heard.size();
  }
  // The edge itself sends the pong, so the pong may come at any position.
  heard.erase(std::remove(heard.begin(), heard.end(), "pong p"), heard.end());
  ASSERT_EQ(heard.size(), 102U);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(heard[i].size(), 60'000U) << i;
  EXPECT_EQ(heard[100], "end");
  EXPECT_EQ(heard[101], "echo");
}

TEST_P(ServerTest, TheProtocolGetsAnswersOfTimerStoreAndVerifier) {
  const auto client = joined();
  client->say("wake");
  EXPECT_EQ(client->hear(), "tick");
  client->say("store");
  EXPECT_EQ(client->hear(), "stored 9");
  client->say("verify right");
  EXPECT_EQ(client->hear(), "verified 7 yes");
  client->say("verify wrong");
  EXPECT_EQ(client->hear(), "verified 7 no");
}

TEST_P(ServerTest, CloseCodesOfBothSidesAreSent) {
  const auto watcher = joined();
  const auto asked = joined();
  asked->say("close 3505");
  EXPECT_EQ(asked->hear(), "(3505)");
  EXPECT_EQ(watcher->hear(), "gone 3505");
  asked->write(Client::frame(8, std::string("\x0d\xb1", 2)));
  EXPECT_EQ(asked->hear(), "(eof)");

  const auto leaver = joined();
  leaver->write(Client::frame(8, std::string("\x0b\xb8", 2) + "bye"));
  EXPECT_EQ(leaver->hear(), "(3000)");
  EXPECT_EQ(leaver->hear(), "(eof)");
  EXPECT_EQ(watcher->hear(), "gone 3000");

  joined()->close();
  EXPECT_EQ(watcher->hear(), "gone 1006");
  const auto half = joined();
  half->shut();
  EXPECT_EQ(half->hear(), "(eof)");
  EXPECT_EQ(watcher->hear(), "gone 1006");
}

TEST_P(ServerTest, BreachesOfTheProtocolCloseTheConnection) {
  const auto binary = joined();
  binary->write(Client::frame(2, "bits"));
  EXPECT_EQ(binary->hear(), "(1003)");
  EXPECT_EQ(binary->hear(), "(eof)");
  const auto wrong = joined();
  wrong->write(Client::frame(1, "\xff"));
  EXPECT_EQ(wrong->hear(), "(1007)");
  const auto limited = joined();
  limited->say("limit 10");
  limited->say("0123456789");
  EXPECT_EQ(limited->hear(), "0123456789");
  limited->say("0123456789a");
  EXPECT_EQ(limited->hear(), "(1009)");
  EXPECT_EQ(limited->hear(), "(eof)");
}

TEST_P(ServerTest, AFrameLimitAppliesFromTheNextMessageOn) {
  const auto client = joined();
  client->write(Client::frame(1, "limit 60000") + Client::frame(1, std::string(20'000, 'x')));
  EXPECT_EQ(client->hear().size(), 20'000U);
}

TEST_P(ServerTest, MessagesBeforeACloseAreHandledDespiteLongReplies) {
  const auto watcher = joined();
  const auto leaver = joined();
  leaver->say("limit 60000");
  leaver->write(Client::frame(1, "big 20") + Client::frame(1, "pub last words") +
                Client::frame(8, std::string("\x03\xe8", 2)));
  while (leaver->hear() != "(eof)") {
  }
  EXPECT_EQ(watcher->hear(), "last words");
  EXPECT_EQ(watcher->hear(), "gone 1000");
}

TEST_P(ServerTest, AFloodWithoutAnswersIsReadAtTheCoresPace) {
  const auto watcher = joined();
  const auto flooder = joined();
  flooder->say("limit 60000");
  const std::string blank = Client::frame(1, "pub " + std::string(30'000, 'f'));
  for (int i = 0; i < 100; ++i) flooder->write(blank);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(watcher->hear().size(), 30'000U) << i;
}

TEST_P(ServerTest, AClientThatDoesNotAnswerACloseIsDisconnected) {
  const auto deaf = joined();
  deaf->say("close 1000");
  EXPECT_EQ(deaf->hear(), "(1000)");
  EXPECT_EQ(deaf->hear(), "(eof)");  // after close_timeout, without a close frame of the client
}

TEST_P(ServerTest, HttpIsAnsweredAndA404ListsThePaths) {
  using testing::EndsWith;
  using testing::HasSubstr;
  using testing::StartsWith;
  EXPECT_THAT(get("/"), EndsWith("page h"));
  EXPECT_THAT(get("/", "HEAD"), AllOf(StartsWith("HTTP/1.1 200"), EndsWith("\r\n\r\n")));
  EXPECT_THAT(get("/livez"), EndsWith("alive\n"));
  EXPECT_THAT(get("/livez", "GET", 1), EndsWith("alive\n"));
  EXPECT_THAT(get("/readyz", "GET", 1),
              EndsWith("ready; store: memory: nothing survives a restart\n"));
  EXPECT_THAT(get("/readyz"), AllOf(StartsWith("HTTP/1.1 404"), HasSubstr("/plain")));
  EXPECT_THAT(get("/", "DELETE"), AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("Allow: GET")));
  EXPECT_THAT(get("/plain"), StartsWith("HTTP/1.1 426"));
  EXPECT_THAT(get("nonsense"), StartsWith("HTTP/1.1 400"));
}

TEST_P(ServerTest, ASilentClientIsTimedOut) {
  Client client(port_);
  client.write("GET / HTTP/1.1\r\n");
  EXPECT_THAT(client.read_to_end(), testing::StartsWith("HTTP/1.1 408"));
}

TEST_P(ServerTest, StopSendsLastLinesAnd1001) {
  const auto client = joined();
  server_->stop();
  EXPECT_EQ(client->hear(), "last words");
  EXPECT_EQ(client->hear(), "(1001)");
}

TEST_P(ServerTest, ASecondServerOnTheSameAddressIsRefusedClearly) {
  ServerOptions options;
  options.listeners.push_back({"127.0.0.1", port_, {{"/", "room"}}, false});
  EXPECT_THAT(
      [&] { Server(options, {&room_}, {}); },
      testing::ThrowsMessage<std::runtime_error>(testing::HasSubstr("Address already in use")));
}

INSTANTIATE_TEST_SUITE_P(All, ServerTest, Shapes, name_of);

/// A protocol that does not override first_frame_limit().
class Unbounded final : public port::Protocol {
 public:
  explicit Unbounded(bool websocket) : websocket_(websocket) {}
  std::vector<port::Endpoint> endpoints() const override {
    return {{"unbounded", "/", "", true, websocket_}};
  }

 private:
  bool websocket_;
};

TEST(ServerOfAProtocolWithoutAFrameLimit, StartsOnlyIfTheProtocolTakesNoWebSockets) {
  ServerOptions options;
  options.shards = 1;
  options.listeners.push_back({"127.0.0.1", 0, {{"/x", "unbounded"}}, false});
  Unbounded both(true);
  EXPECT_THAT([&] { Server(options, {&both}, {}); },
              testing::ThrowsMessage<std::runtime_error>(
                  testing::AllOf(testing::HasSubstr("path /x: 'unbounded'"),
                                 testing::HasSubstr("must override first_frame_limit()"))));
  Unbounded http_only(false);
  EXPECT_NO_THROW(Server(options, {&http_only}, {}));
}

}  // namespace
}  // namespace signaller::net
