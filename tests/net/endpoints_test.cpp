// The declarations of endpoints, over real sockets, plain and with TLS: beside another protocol,
// with one or several shards, with and without a core thread.
#include "tests/net/endpoints_fixture.hpp"

namespace signaller::net {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST_P(Endpoints, ARequestHasAllItsFields) {
  WebClient web(port_, GetParam().secure);
  const WebResponse answer =
      web.ask("POST", "/ask?x=1", "Content-Type: a/b;\r\nX-One: 1\r\nX-One: 2\r\n", "the body");
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.has("Access-Control-Allow-Origin: *\r\n"));
  EXPECT_EQ(answer.body, "POST /ask [] 127.0.0.1:" + std::to_string(web.port()) + " " +
                             std::to_string(port_) +
                             " origin=- type=a/b; x-one=1, 2 body=the body");
  EXPECT_THAT(web.ask("GET", "/ask", "Origin: https://foe.example\r\n").body,
              HasSubstr("origin=https://foe.example (foreign) "));
  EXPECT_THAT(web.ask("GET", "/ask", "Origin: https://friend.example\r\n").body,
              HasSubstr("origin=https://friend.example type="));
}

TEST_P(Endpoints, OnlyDeclaredMethodsAreAllowed) {
  WebClient web(port_, GetParam().secure);
  EXPECT_THAT(web.ask("OPTIONS", "/ask").body, StartsWith("OPTIONS /ask "));
  const WebResponse head = web.ask("HEAD", "/ask");
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.body.empty());
  EXPECT_THAT(web.ask("PUT", "/mute", "", "x").body, StartsWith("PUT /mute "));
  const WebResponse options = web.ask("OPTIONS", "/mute");
  EXPECT_EQ(options.status, 204);
  EXPECT_TRUE(options.has("Allow: GET, PUT, HEAD, OPTIONS\r\n")) << options.head;
  EXPECT_FALSE(options.has("Content-Length")) << options.head;
  EXPECT_THAT(web.ask("GET", "/mute").body, StartsWith("GET /mute "));
  const WebResponse refused = web.ask("DELETE", "/ask");
  EXPECT_EQ(refused.status, 405);
  EXPECT_TRUE(refused.has("Allow: GET, POST, OPTIONS, HEAD\r\n")) << refused.head;
  EXPECT_TRUE(web.ends());
  const WebResponse post = client().ask("POST", "/mute", "", "x");
  EXPECT_EQ(post.status, 405);
  const WebResponse unknown = client().ask("BREW", "/mute");
  EXPECT_EQ(unknown.status, 501);
  EXPECT_TRUE(unknown.has("Allow: GET, PUT, HEAD, OPTIONS\r\n")) << unknown.head;
}

TEST_P(Endpoints, OptionsOfTheWholeServerAreAnswered) {
  WebClient web(port_, GetParam().secure);
  const WebResponse options = web.ask("OPTIONS", "*");
  EXPECT_EQ(options.status, 200);
  EXPECT_TRUE(options.has("\r\nDate: ")) << options.head;
  EXPECT_THAT(web.ask("GET", "/ask").body, StartsWith("GET /ask ")) << "the connection is kept";
}

TEST_P(Endpoints, AnHttp10RequestIsAnsweredAndTheConnectionClosed) {
  WebClient web(port_, GetParam().secure);
  web.write("POST /ask HTTP/1.0\r\nContent-Length: 4\r\n\r\nbody");
  const WebResponse answer = web.receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("body=body"));
  EXPECT_TRUE(answer.has("Connection: close\r\n")) << answer.head;
  EXPECT_TRUE(web.ends());
}

TEST_P(Endpoints, ABodyHasItsEndpointsLimit) {
  WebClient web(port_, GetParam().secure);
  const std::string most(DeskProtocol::MostBody, 'b');
  EXPECT_THAT(web.ask("POST", "/ask", "", most).body, HasSubstr("body=" + most));
  const WebResponse longer = web.ask("POST", "/ask", "", most + "b");
  EXPECT_EQ(longer.status, 413);
  EXPECT_EQ(longer.body, "a request's body is limited to 5000 bytes (desk.body)\n");
  WebClient other(port_, GetParam().secure);
  const WebResponse usual = other.ask("PUT", "/mute", "", std::string(1'025, 'b'));
  EXPECT_EQ(usual.status, 413);
  EXPECT_EQ(usual.body, "a request's body is limited to 1024 bytes (net.body_bytes)\n");
}

TEST_P(Endpoints, ExpectContinueIsAnswered) {
  WebClient web(port_, GetParam().secure);
  web.write("POST /ask HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(web.receive().status, 100);
  web.write("late");
  EXPECT_THAT(web.receive().body, HasSubstr("body=late"));
}

TEST_P(Endpoints, NoHeaderOfAProtocolBreaksTheResponse) {
  WebClient web(port_, GetParam().secure);
  const WebResponse answer = web.ask("GET", "/ask?bad");
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.has("X-Bad")) << answer.head;
  EXPECT_FALSE(answer.has("X-Worse")) << answer.head;
  EXPECT_FALSE(answer.has("Set-Cookie")) << answer.head;
  EXPECT_TRUE(answer.has("Access-Control-Allow-Origin: *")) << answer.head;
  EXPECT_TRUE(answer.has("Content-Type: application/octet-stream\r\n")) << answer.head;
  EXPECT_THAT(answer.body, StartsWith("GET /ask"));
  EXPECT_EQ(web.ask("GET", "/ask?status=99").status, 500);
  EXPECT_EQ(web.ask("GET", "/ask?status=101").status, 500);
  EXPECT_EQ(web.ask("GET", "/ask?status=404").status, 404);
  EXPECT_EQ(web.ask("GET", "/ask").status, 200) << "the connection is kept";
}

TEST_P(Endpoints, SomeResponsesHaveNoBody) {
  WebClient web(port_, GetParam().secure);
  for (const char* target : {"/ask?status=204", "/ask?status=304"}) {
    const WebResponse answer = web.ask("GET", target);
    EXPECT_FALSE(answer.has("Content-Length")) << answer.head;
    EXPECT_FALSE(answer.has("\r\nContent-Type:")) << answer.head;
  }
  const WebResponse reset = web.ask("GET", "/ask?status=205");
  EXPECT_EQ(reset.status, 205);
  EXPECT_TRUE(reset.has("Content-Length: 0\r\n")) << reset.head;
  EXPECT_FALSE(reset.has("\r\nContent-Type:")) << reset.head;
  EXPECT_THAT(web.ask("GET", "/ask").body, StartsWith("GET /ask ")) << "nothing was left over";
}

TEST_P(Endpoints, ACloseNamesTheKeyOfItsEndpoint) {
  for (const auto& [path, key] :
       {std::pair("/office/at/bob", "(desk.frame)"), std::pair("/wide", "(wide.frame)")}) {
    WebClient web(port_, GetParam().secure);
    EXPECT_EQ(web.upgrade(path).status, 101);
    EXPECT_FALSE(web.hear().empty());
    web.say_long(std::string(1'001, 'x'));
    EXPECT_THAT(web.hear(),
                testing::EndsWith(std::string("a message is limited to 1000 bytes ") + key));
  }
}

TEST_P(Endpoints, PathsHaveParametersAndPrefixes) {
  WebClient web(port_, GetParam().secure);
  EXPECT_THAT(web.ask("GET", "/office/at/b%C3%A9b%20%2b").body,
              StartsWith("GET /at/{name} [b\xc3\xa9"
                         "b +] "));
  EXPECT_THAT(web.ask("GET", "/office/list").body, StartsWith("GET /list [] "));
  EXPECT_THAT(web.ask("GET", "/files/a/b%2Fc").body, StartsWith("GET /files/{rest...} [a/b/c] "));
  EXPECT_THAT(web.ask("GET", "/files/").body, StartsWith("GET /files/{rest...} [] "));
  EXPECT_THAT(web.ask("GET", "/files/exact/1").body, StartsWith("GET /ask [1] "));
  EXPECT_THAT(web.ask("GET", "/files/exact/1/2").body,
              StartsWith("GET /files/{rest...} [exact/1/2] "));
  EXPECT_THAT(web.ask("GET", "/files/special/1").body, StartsWith("GET /files/{rest...} [1] "));
  for (const char* bad :
       {"/office/at/", "/office/at/%", "/office/at/%4", "/office/at/%zz", "/office/at/%00",
        "/office/at/%0a", "/office/at/%2F", "/office/at/%ff", "/files/%c3"}) {
    const WebResponse answer = client().ask("GET", bad);
    EXPECT_EQ(answer.status, 400) << bad;
    EXPECT_THAT(answer.body, StartsWith("the path's {")) << bad;
  }
  EXPECT_EQ(client().ask("GET", "/office/at/" + std::string(1'025, 'a')).status, 400);
  for (const char* none : {"/office", "/office/at", "/office/at/a/b", "/files", "/at/a", "/list"}) {
    const WebResponse answer = client().ask("GET", none);
    EXPECT_EQ(answer.status, 404) << none;
    EXPECT_THAT(answer.body, HasSubstr("  /office/at/{name}  (desk: WebSocket and HTTP GET)\n"));
    EXPECT_THAT(answer.body, HasSubstr("  /ask  (ask: HTTP GET, POST, OPTIONS)\n"));
  }
}

TEST_P(Endpoints, AProtocolMayAcceptAHandshake) {
  WebClient web(port_, GetParam().secure);
  const WebResponse answer = web.upgrade("/office/at/bob", "Sec-WebSocket-Protocol: desk.v1\r\n");
  EXPECT_EQ(answer.status, 101);
  EXPECT_TRUE(answer.has("X-Desk: 1\r\n")) << answer.head;
  EXPECT_TRUE(answer.has("Sec-WebSocket-Protocol: desk.v1\r\n")) << answer.head;
  EXPECT_EQ(web.hear(),
            "/at/{name} bob 127.0.0.1:" + std::to_string(web.port()) + " " + std::to_string(port_));
  web.say("hi");
  EXPECT_EQ(web.hear(), "desk hi");
}

TEST_P(Endpoints, AProtocolMayRefuseAHandshake) {
  const auto watching = watcher();
  WebClient web(port_, GetParam().secure);
  const WebResponse answer = web.upgrade("/office/at/taken");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.body, "taken is taken\n");
  EXPECT_TRUE(answer.has("X-Desk: full\r\n")) << answer.head;
  EXPECT_TRUE(answer.has("Connection: close\r\n")) << answer.head;
  EXPECT_TRUE(web.ends());
  WebClient other(port_, GetParam().secure);
  EXPECT_EQ(other.upgrade("/office/at/free").status, 101);
  EXPECT_THAT(other.hear(), StartsWith("/at/{name} free "));
  EXPECT_EQ(client().upgrade("/office/at/x", "Origin: https://foe.example\r\n").status, 403);
  other.close();
  EXPECT_EQ(watching->hear(), "1006 open");
}

TEST_P(Endpoints, AnUndecidedHandshakeTimesOut) {
  const auto watching = watcher();
  WebClient web(port_, GetParam().secure);
  const WebResponse answer = web.upgrade("/office/at/never");
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, HasSubstr("net.handshake_timeout"));
  EXPECT_TRUE(web.ends());
  EXPECT_EQ(watching->hear(), "1006 asked");
}

TEST_P(Endpoints, AClientMayLeaveBeforeTheDecision) {
  const auto watching = watcher();
  {
    WebClient web(port_, GetParam().secure);
    web.send("GET", "/office/at/never", WebClient::Handshake);
    web.close();
  }
  EXPECT_EQ(watching->hear(), "1006 asked");
  WebClient other(port_, GetParam().secure);
  EXPECT_EQ(other.upgrade("/office/at/late").status, 101);
  EXPECT_THAT(other.hear(), StartsWith("/at/{name} late "));
  other.close();
  EXPECT_EQ(watching->hear(), "1006 open");
}

TEST_P(Endpoints, AConnectionIsKeptBetweenRequests) {
  WebClient web(port_, GetParam().secure);
  for (int i = 0; i < 100; ++i) {
    const WebResponse answer = web.ask("GET", "/ask", "X-One: " + std::to_string(i) + "\r\n");
    ASSERT_EQ(answer.status, 200) << i;
    ASSERT_TRUE(answer.has("Connection: keep-alive\r\nKeep-Alive: timeout=60\r\n")) << answer.head;
    ASSERT_THAT(answer.body, HasSubstr("x-one=" + std::to_string(i)));
  }
  EXPECT_EQ(web.ask("GET", "/").body, "page h") << "another protocol";
  const WebResponse last = web.ask("GET", "/ask", "Connection: close\r\n");
  EXPECT_EQ(last.status, 200);
  EXPECT_TRUE(last.has("Connection: close\r\n")) << last.head;
  EXPECT_TRUE(web.ends());
}

TEST_P(Endpoints, PipelinedRequestsAreAnsweredInOrder) {
  WebClient web(port_, GetParam().secure);
  std::string all;
  for (int i = 0; i < 300; ++i) {
    all += "POST /ask HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nX-One: " + std::to_string(i) +
           "\r\n\r\nb" + std::to_string(10 + i % 90);
  }
  web.write(all);
  for (int i = 0; i < 300; ++i) {
    const WebResponse answer = web.receive();
    ASSERT_EQ(answer.status, 200) << i;
    ASSERT_THAT(answer.body,
                HasSubstr("x-one=" + std::to_string(i) + " body=b" + std::to_string(10 + i % 90)));
  }
}

TEST_P(Endpoints, AnAmbiguousRequestEndClosesAKeptConnection) {
  WebClient web(port_, GetParam().secure);
  EXPECT_EQ(web.ask("GET", "/ask").status, 200);
  web.write(
      "GET /ask HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "GET /ask HTTP/1.1\r\nHost: h\r\n\r\n");
  const WebResponse answer = web.receive();
  EXPECT_EQ(answer.status, 501);
  EXPECT_TRUE(answer.has("Connection: close\r\n"));
  EXPECT_TRUE(web.ends()) << "what follows is not read";
}

TEST_P(Endpoints, EachRequestHasADeadline) {
  WebClient web(port_, GetParam().secure);
  EXPECT_EQ(web.ask("GET", "/ask").status, 200);
  // Waits until the deadline of the first request has passed.
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  EXPECT_EQ(web.ask("GET", "/ask").status, 200);
  web.write("GET /ask HT");
  EXPECT_EQ(web.receive().status, 408);
  EXPECT_TRUE(web.ends());
  WebClient other(port_, GetParam().secure);
  EXPECT_EQ(other.ask("GET", "/ask").status, 200);
  other.send("GET", "/ask?silence");
  EXPECT_TRUE(other.ends());
}

TEST_P(Endpoints, AHandshakeMayFollowRequests) {
  WebClient web(port_, GetParam().secure);
  EXPECT_EQ(web.ask("GET", "/ask").status, 200);
  EXPECT_EQ(web.upgrade("/").status, 101);
  EXPECT_EQ(web.hear(), "hello 127.0.0.1");
  web.say("again");
  EXPECT_EQ(web.hear(), "again");
}

TEST_P(Endpoints, StoppingEndsIdleConnectionsAtOnce) {
  WebClient web(port_, GetParam().secure);
  EXPECT_EQ(web.ask("GET", "/ask").status, 200);
  server_->stop();
  EXPECT_TRUE(web.ends());
}

INSTANTIATE_TEST_SUITE_P(All, Endpoints, Settings, name_of_setting);

/// A server that accepts at most ten connections.
class FewPlaces : public Endpoints {
 protected:
  void adjust(ServerOptions& options) override { options.connections = 10; }
};

/// Some clients send an empty line after a body (RFC 9112 §2.2).
TEST_P(FewPlaces, AConnectionWithEmptyLinesIsIdle) {
  std::vector<std::unique_ptr<WebClient>> idle;
  for (int i = 0; i < 8; ++i) {
    idle.push_back(std::make_unique<WebClient>(port_, GetParam().secure));
    idle.back()->write("POST /ask HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi\r\n\r\n");
    EXPECT_TRUE(idle.back()->receive().has("Connection: keep-alive"));
  }
  WebClient ninth(port_, GetParam().secure);
  EXPECT_TRUE(ninth.ask("GET", "/ask").has("Connection: close"));
  for (const auto& one : idle) EXPECT_TRUE(one->ends()) << "without a response";
}

TEST_P(FewPlaces, IdleConnectionsAreClosedFirst) {
  std::vector<std::unique_ptr<WebClient>> idle;
  for (int i = 0; i < 8; ++i) {
    idle.push_back(std::make_unique<WebClient>(port_, GetParam().secure));
    EXPECT_TRUE(idle.back()->ask("GET", "/ask").has("Connection: keep-alive"));
  }
  WebClient ninth(port_, GetParam().secure);
  EXPECT_TRUE(ninth.ask("GET", "/ask").has("Connection: close"));
  for (const auto& one : idle) EXPECT_TRUE(one->ends());
}

// Only with one shard: with two, one shard might make enough room and leave the other's idle
// connections open.
INSTANTIATE_TEST_SUITE_P(All, FewPlaces,
                         testing::Values(Setting{1, false, false}, Setting{1, false, true}),
                         name_of_setting);

}  // namespace
}  // namespace signaller::net
