// Requests on kept connections, handshakes that wait for the protocol, and the memory that both
// hold.
#include <asio/post.hpp>

#include "tests/net/endpoints_fixture.hpp"

namespace signaller::net {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

/// An upper bound of the bytes that a request holds besides its body: the memory of the connection,
/// and two copies of a short head.
constexpr double LargestRest = 4'096;
constexpr double TlsRest = 24'576;

TEST_P(Endpoints, AnEmptyLineBehindABodyIsNoRequest) {
  WebClient web(port_, GetParam().secure);
  web.write("POST /ask HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi\r\n\r\n\r");
  EXPECT_THAT(web.receive().body, HasSubstr("body=hi"));
  WebClient later(port_, GetParam().secure);
  later.write("GET /ask HT");
  EXPECT_EQ(later.receive().status, 408) << "by now a request that began earlier is overdue";
  web.write("\nGET /ask HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(web.receive().body, StartsWith("GET /ask "));
}

TEST_P(Endpoints, ASecondAnswerIsNotThatOfTheNextRequest) {
  WebClient web(port_, GetParam().secure);
  web.write(
      "GET /ask?twice HTTP/1.1\r\nHost: h\r\n\r\n"
      "GET /ask?again HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(web.receive().body, "first");
  EXPECT_EQ(web.receive().body, "first");
  EXPECT_THAT(web.ask("GET", "/ask").body, StartsWith("GET /ask "));
  await([this] { return metric("effects_dropped_total") >= 2; });
  EXPECT_EQ(metric("effects_dropped_total"), 2);
}

TEST_P(Endpoints, BytesBeforeTheDecisionAreRefused) {
  const auto watching = watcher();
  const std::string handshake =
      "GET /office/at/never HTTP/1.1\r\nHost: h\r\n" + WebClient::Handshake + "\r\n";
  const std::string frame = "\x81\x80" + std::string(4, '\0');
  for (const std::string& more : {frame, std::string("GET /ask HTTP/1.1\r\nHost: h\r\n\r\n")}) {
    WebClient web(port_, GetParam().secure);
    web.write(handshake + more);
    const WebResponse answer = web.receive();
    EXPECT_EQ(answer.status, 400);
    EXPECT_TRUE(answer.has("Connection: close\r\n")) << answer.head;
    EXPECT_THAT(answer.body, HasSubstr("must wait for the response to its handshake"));
    EXPECT_TRUE(web.ends());
    EXPECT_EQ(watching->hear(), "1006 asked");
  }
}

TEST_P(Endpoints, AHoldEndsWithTheAnswerToItsRequest) {
  for (const char* target : {"/ask?hold", "/ask?answer-hold"}) {
    WebClient web(port_, GetParam().secure);
    EXPECT_EQ(web.ask("GET", target).body, "held");
    EXPECT_EQ(web.ask("GET", target).body, "held");
    EXPECT_EQ(web.upgrade("/office/at/bob").status, 101);
    EXPECT_THAT(web.hear(), StartsWith("/at/{name} bob "));
    web.say("hi");
    EXPECT_EQ(web.hear(), "desk hi");
  }
}

TEST_P(Endpoints, TheMemoryOfRequestsIsCountedOnceAndGivenBack) {
  const double rest = GetParam().secure ? LargestRest + TlsRest : LargestRest;
  EXPECT_EQ(metric("unfinished_request_bytes"), 0);
  {
    WebClient web(port_, GetParam().secure);
    const std::string more = "POST /ask HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\n";
    const std::string body(5'000, 'b');
    web.write("GET /ask?silence HTTP/1.1\r\nHost: h\r\n\r\n" + more + body + more + body);
    await([this] { return metric("unfinished_request_bytes") >= 10'000; });
    EXPECT_LE(metric("unfinished_request_bytes"), 10'000 + rest);
    web.close();
  }
  await([this] { return metric("unfinished_request_bytes") == 0; });
  {
    WebClient web(port_, GetParam().secure);
    web.send("POST", "/ask?silence", "", std::string(5'000, 'b'));
    await([this] { return metric("unfinished_request_bytes") >= 5'000; });
    EXPECT_LE(metric("unfinished_request_bytes"), 5'000 + rest);
  }
  await([this] { return metric("unfinished_request_bytes") == 0; });
}

TEST_P(Endpoints, NothingIsCountedAfterAMixOfRequests) {
  {
    std::vector<std::unique_ptr<WebClient>> kept;
    const std::string get = "GET /ask HTTP/1.1\r\nHost: h\r\n\r\n";
    const auto mixed = [&](const std::string& bytes) {
      kept.push_back(std::make_unique<WebClient>(port_, GetParam().secure));
      kept.back()->write(bytes);
      return kept.back()->receive().status;
    };
    EXPECT_EQ(mixed(get), 200);
    EXPECT_EQ(mixed(get + get + get), 200);
    EXPECT_EQ(mixed(get + "\r\n"), 200);
    EXPECT_EQ(mixed(get + "GET /as"), 200);
    EXPECT_EQ(mixed("GET /none HTTP/1.1\r\nHost: h\r\n\r\n" + get), 404);
    EXPECT_EQ(mixed("PUT /ask HTTP/1.1\r\nHost: h\r\n\r\n"), 405);
    EXPECT_EQ(mixed("POST /ask HTTP/1.1\r\nHost: h\r\nContent-Length: 5001\r\n\r\n"), 413);
    EXPECT_EQ(mixed("GET/ask\r\n" + get), 400);
    EXPECT_EQ(mixed("POST /ask HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\nabc"), 408);
    EXPECT_EQ(mixed("GET /office/at/taken HTTP/1.1\r\nHost: h\r\n" + WebClient::Handshake + "\r\n"),
              409);
    EXPECT_EQ(mixed("GET /office/at/bob HTTP/1.1\r\nHost: h\r\n" + WebClient::Handshake + "\r\n"),
              101);
    kept.push_back(std::make_unique<WebClient>(port_, GetParam().secure));
    kept.back()->write("POST /ask HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\nabc");
  }
  await([this] { return metric("connections") == 0 && metric("unfinished_request_bytes") == 0; });
}

/// All requests together may hold 14,000 bytes, and a single request 7,000.
class SmallRequestBytes : public Endpoints {
 protected:
  void adjust(ServerOptions& options) override {
    options.request_bytes = 14'000;
    options.handshake_timeout = std::chrono::minutes(1);
  }
  static std::string upload(std::size_t size) {
    return "POST /ask HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
           std::string(size - 1, 'x');
  }
};

TEST_P(SmallRequestBytes, AHandshakeIsAnsweredWhenOtherRequestsNeedItsRoom) {
  const auto watching = watcher();
  WebClient undecided(port_, false);
  undecided.send("GET", "/office/at/never", WebClient::Handshake);
  await([this] { return metric("unfinished_request_bytes") >= 2'000; });
  std::vector<std::unique_ptr<WebClient>> uploading;
  for (int i = 0; i < 2; ++i) {
    uploading.push_back(std::make_unique<WebClient>(port_, false));
    uploading.back()->write(upload(4'000));
  }
  EXPECT_EQ(undecided.receive().status, 503);
  EXPECT_EQ(watching->hear(), "1006 asked");
  for (const auto& one : uploading) {
    one->write("x");
    EXPECT_EQ(one->receive().status, 200);
  }
}

TEST_P(SmallRequestBytes, ALargeRequestIsRefusedRatherThanOthers) {
  std::vector<std::unique_ptr<WebClient>> small;
  for (int i = 0; i < 4; ++i) {
    small.push_back(std::make_unique<WebClient>(port_, false));
    small.back()->write("GET /ask HT");
    await([this, i] { return metric("unfinished_request_bytes") >= 2'048 * (i + 1); });
  }
  WebClient large(port_, false);
  large.write(upload(5'000));
  const WebResponse refused = large.receive();
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("net.request_bytes"));
  for (const auto& one : small) {
    one->write("TP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(one->receive().status, 200);
  }
}

TEST_P(SmallRequestBytes, BodiesThatNeverFitAreRefusedAtTheStart) {
  ServerOptions options;
  options.shards = 2;
  options.head_bytes = 1'000;
  options.request_bytes = 11'999;
  options.listeners.push_back({"127.0.0.1", 0, {{"/", "room"}, {"/up", "ask"}}, false});
  DeskProtocol desk;
  RoomProtocol room;
  EXPECT_THAT(
      [&] {
        Server(options, {&room, &desk}, {});
      },
      ThrowsMessage<std::runtime_error>(
          "path /up: desk.body (5000) and net.head_bytes (1000) together must not be larger than "
          "the part of net.request_bytes (11999) that each of 2 shards has: 5999"));
  options.request_bytes = 12'000;
  EXPECT_EQ(Server(options, {&room, &desk}, {}).addresses().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(OneShard, SmallRequestBytes,
                         testing::Values(Setting{1, false, false}, Setting{1, true, false}),
                         name_of_setting);

class Leaving : public Endpoints {
 protected:
  Services services() override {
    Services services;
    services.store = &store_;
    return services;
  }
  /// The server waits for a durable store before it closes connections.
  AtOnceStore store_{true};
};

TEST_P(Leaving, RequestsAfterTheShutdownDoNotReachTheProtocol) {
  WebClient member(port_, GetParam().secure);
  EXPECT_EQ(member.upgrade("/").status, 101);
  EXPECT_EQ(member.hear(), "hello 127.0.0.1");
  std::vector<std::unique_ptr<WebClient>> kept;
  for (int i = 0; i < 3; ++i) {
    kept.push_back(std::make_unique<WebClient>(port_, GetParam().secure));
    EXPECT_TRUE(kept.back()->ask("GET", "/ask").has("Connection: keep-alive"));
  }
  desk_.saved = false;
  server_->stop();
  EXPECT_EQ(member.hear(), "last words");
  for (const WebResponse& answer :
       {kept[0]->ask("POST", "/ask", "", "body"), kept[1]->upgrade("/office/at/bob"),
        kept[2]->upgrade("/wide")}) {
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.body, "the server is shutting down\n");
    EXPECT_TRUE(answer.has("Connection: close\r\n")) << answer.head;
    EXPECT_TRUE(answer.has("Retry-After: 5\r\n")) << answer.head;
  }
  for (const auto& one : kept) EXPECT_TRUE(one->ends());
  EXPECT_EQ(desk_.late_requests, 0);
  desk_.saved = true;
  // Starts a turn, at whose end the server asks whether everything is saved.
  asio::post(server_->core_context(), [] {});
}

INSTANTIATE_TEST_SUITE_P(All, Leaving, Settings, name_of_setting);

}  // namespace
}  // namespace signaller::net
