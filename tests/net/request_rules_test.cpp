// Request heads that two servers might read differently, and the answer to each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "net/http/codec.hpp"

namespace signaller::net {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// Reads a head. Returns `200 GET /path` for a request, `more`, or status and text of the refusal.
/// Checks that the result does not depend on how the bytes are cut.
std::string judge(const std::string& bytes) {
  std::string first;
  for (const std::size_t step : {bytes.size(), std::size_t{1}, std::size_t{3}}) {
    RequestReader reader({});
    auto progress = RequestReader::Progress::NeedsMore;
    for (std::size_t at = 0; at < bytes.size() && progress == RequestReader::Progress::NeedsMore;
         at += step) {
      std::size_t used = 0;
      progress = reader.feed(std::string_view(bytes).substr(at, step), used);
    }
    const Request& request = reader.request();
    const std::string result = progress == RequestReader::Progress::NeedsMore ? "more"
                               : progress == RequestReader::Progress::Ready
                                   ? "200 " + request.method + " " + request.path
                                   : std::to_string(reader.status()) + " " + reader.error();
    if (first.empty()) first = result;
    EXPECT_EQ(result, first) << "in steps of " << step << ": " << bytes;
  }
  return first;
}
/// Adds a request line and a Host before the headers, and the empty line after them.
std::string with(const std::string& headers) {
  return judge("GET / HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n\r\n");
}
std::string line(const std::string& request_line) {
  return judge(request_line + "\r\nHost: x\r\n\r\n");
}
std::string host(const std::string& value) {
  return judge("GET / HTTP/1.1\r\nHost:" + value + "\r\n\r\n");
}

TEST(RequestRules, CheckTheRequestLine) {
  EXPECT_EQ(line("GET / HTTP/1.1"), "200 GET /");
  EXPECT_EQ(line("B-R.E!W /a%20b?c=[d]|{e}&f='g'*+,;: HTTP/1.1"), "200 B-R.E!W /a%20b");
  for (const char* none :
       {"GET", "GET /", "GET  / HTTP/1.1", "GET /  HTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1 ",
        "GET\t/ HTTP/1.1", "G@T / HTTP/1.1", "G(T / HTTP/1.1", "GET / http/1.1", "GET / HTTP/1",
        "GET / HTTP/11", "GET / HTTP/1.10", "GET / HTTP/1,1", "GET / HTTPS/1.1", "GET / HTTP/x.1",
        "G\xc3\x89T / HTTP/1.1", "/ HTTP/1.1", "hello"}) {
    EXPECT_THAT(line(none), StartsWith("400 ")) << none;
  }
  for (const char* version : {"0.9", "2.0", "3.0"}) {
    EXPECT_EQ(line(std::string("GET / HTTP/") + version),
              "505 only HTTP/1.0 and HTTP/1.1 are supported");
  }
  EXPECT_EQ(line("GET / HTTP/1.2"), "200 GET /") << "as 1.1 (RFC 9110 §2.5)";
  EXPECT_EQ(line("GET / HTTP/1.9"), "200 GET /");
}

TEST(RequestRules, AnHttp10RequestNeitherKeepsTheConnectionNorUpgrades) {
  EXPECT_EQ(judge("GET / HTTP/1.0\r\n\r\n"), "200 GET /") << "without Host";
  RequestReader reader({});
  std::size_t used = 0;
  ASSERT_EQ(reader.feed("GET /a HTTP/1.0\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\n"
                        "Upgrade: websocket\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
                        used),
            RequestReader::Progress::NeedsMore);
  EXPECT_FALSE(reader.take_expect_continue());
  ASSERT_EQ(reader.feed("ab", used), RequestReader::Progress::Ready);
  EXPECT_EQ(reader.request().host, "x");
  EXPECT_FALSE(reader.request().keep_alive);
  EXPECT_FALSE(reader.request().upgrade);
}

TEST(RequestRules, CheckTheTarget) {
  for (const char* target :
       {"x:80", "ftp://x/", "http://", "http://u@x/", "*", "x", "?a", "//x/../..", "\\"}) {
    const std::string expected =
        target[0] == '/' ? "200 GET //x/../.." : "400 the request target must begin with a slash";
    EXPECT_EQ(line(std::string("GET ") + target + " HTTP/1.1"), expected);
  }
  EXPECT_EQ(line("GET http://y:80/a?b HTTP/1.1"), "200 GET /a");
  EXPECT_EQ(line("GET HTTPS://y HTTP/1.1"), "200 GET /");
  EXPECT_EQ(line("GET http://y?b HTTP/1.1"), "200 GET /");
  EXPECT_EQ(line("CONNECT x:443 HTTP/1.1"), "400 the request target must begin with a slash");
  EXPECT_EQ(line("OPTIONS * HTTP/1.1"), "200 OPTIONS *");
  for (const char* target : {"/#a", "/\"", "/<", "/>", "/a\\b", "/\xc3\xa9", "/a b", "/a\tb"}) {
    const std::string result = line(std::string("GET ") + target + " HTTP/1.1");
    EXPECT_EQ(result, "400 the request target contains a character that must be percent-encoded")
        << target;
  }
}

TEST(RequestRules, RequireCrlfAtEachLineEnd) {
  const std::string text = "400 a line must end with CR LF";
  EXPECT_EQ(judge("GET / HTTP/1.1\nHost: x\n\n"), text);
  EXPECT_EQ(judge("GET / HTTP/1.1\r\nHost: x\n\r\n"), text);
  EXPECT_EQ(judge("GET / HTTP/1.1\r\nHost: x\r\n\n"), text);
  EXPECT_EQ(judge("GET / HTTP/1.1\rHost: x\r\n\r\n"), text);
  EXPECT_EQ(judge("GET / HTTP/1.1\r\r\nHost: x\r\n\r\n"), text);
  EXPECT_EQ(with("A: b\rContent-Length: 5"), text);
  EXPECT_EQ(with("A: b\nContent-Length: 5"), text);
  EXPECT_EQ(with("A: b\r"), text);
}

TEST(RequestRules, AllowEmptyLinesBeforeTheRequest) {
  EXPECT_EQ(judge("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"), "200 GET /");
  EXPECT_EQ(judge("\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"), "200 GET /");
  EXPECT_EQ(judge("\r\n\r\n\r"), "more");
  EXPECT_THAT(judge("\r\n\rGET / HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("400 "));
  EXPECT_EQ(judge("\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"), "400 a line must end with CR LF");
}

TEST(RequestRules, RefuseControlCharacters) {
  const std::string text = "400 the request head contains a control character";
  for (const char c : {'\0', '\x01', '\x08', '\x0b', '\x0c', '\x1b', '\x7f'}) {
    EXPECT_EQ(with("A: x" + std::string(1, c)), text);
    EXPECT_EQ(with(std::string(1, c) + "A: x"), text);
    EXPECT_EQ(judge(std::string(1, c)), text) << "at once";
  }
  EXPECT_EQ(judge("\x16\x03\x01\x02"), text) << "TLS";
  EXPECT_EQ(with("A: \tb\t \xc3\xa9"), "200 GET /") << "TAB, and text that is not ASCII";
}

TEST(RequestRules, CheckHeaderLines) {
  EXPECT_EQ(with("A:\r\nB: \r\nC:d:e"), "200 GET /");
  EXPECT_EQ(with("A: b\r\n c"), "400 a header must not continue on the next line");
  EXPECT_EQ(with("A: b\r\n\tc"), "400 a header must not continue on the next line");
  EXPECT_EQ(judge("GET / HTTP/1.1\r\n Host: x\r\n\r\n"),
            "400 a header must not continue on the next line");
  EXPECT_EQ(with("nonsense"), "400 a header has no colon");
  for (const char* name : {"A ", "A\t", "", "A B", "A(b)", "\"A\"", "A\xc3\xa9"}) {
    EXPECT_EQ(with(std::string(name) + ": b"),
              "400 a header's name must be a token, and a colon must follow it at once");
  }
}

TEST(RequestRules, CheckTheHost) {
  for (const char* fine : {" example.org", "example.org:3012", " 127.0.0.1:1", " [::1]:80 ",
                           "\tLOCALHOST", " a_b-c.d"}) {
    EXPECT_EQ(host(fine), "200 GET /") << fine;
  }
  for (const char* bad : {" a b", " a,b", " a/b", " u@a", " a:", " a:x", " a:65536", " ::1",
                          " [::1", " <script>", " a:80:80", " http://a", " a\xc3\xa9"}) {
    EXPECT_EQ(host(bad), "400 Host must be a name or an address, with an optional port") << bad;
  }
  for (const char* none : {"", " ", "\t"}) EXPECT_EQ(host(none), "200 GET /") << "names no host";
  EXPECT_EQ(judge("GET / HTTP/1.1\r\n\r\n"), "400 the Host header is missing");
}

TEST(RequestRules, RefuseDuplicatesOfSomeHeaders) {
  const std::string text = "400 a header that may occur only once occurs twice";
  for (const char* header :
       {"host: x", "HOST: y", "Content-Length: 1\r\ncontent-length: 1",
        "Upgrade: websocket\r\nUpgrade: websocket", "Sec-WebSocket-Key: a\r\nSec-WebSocket-Key: a",
        "Sec-WebSocket-Version: 13\r\nsec-websocket-version: 8", "Origin: a\r\nOrigin: b",
        "Authorization: a\r\nAuthorization: b", "Content-Type: a\r\nContent-Type: b"}) {
    EXPECT_EQ(with(header), text) << header;
  }
  EXPECT_EQ(with("Connection: a\r\nConnection: b\r\nCookie: a\r\nCookie: b"), "200 GET /");
}

TEST(RequestRules, CheckTheBodyLength) {
  for (const char* length : {"0x2", "+1", "-1", "1, 1", "1 1", "", "1.0", "\xc2\xb2"}) {
    EXPECT_EQ(with(std::string("Content-Length: ") + length),
              "400 Content-Length must be one number")
        << length;
  }
  EXPECT_EQ(with("Content-Length: 0"), "200 GET /");
  EXPECT_EQ(with("Content-Length: 1"), "more");
  EXPECT_THAT(with("Content-Length: 99999999999999999999999"), StartsWith("4"));
  EXPECT_EQ(with("Content-Length: 1025"),
            "413 a request's body is limited to 1024 bytes (net.body_bytes)");
  EXPECT_EQ(with("Transfer-Encoding: chunked"),
            "501 Transfer-Encoding is not supported: send a Content-Length");
  for (const char* both :
       {"Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 0\r\nTransfer-Encoding: x", "transfer-encoding:\r\ncontent-length: 1",
        "Content-Length: 6\r\nTransfer-Encoding: \tchunked"}) {
    EXPECT_EQ(with(both), "400 Transfer-Encoding and Content-Length contradict each other");
  }
  for (const char* hidden : {"Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked",
                             "X: y\rTransfer-Encoding: chunked", " Transfer-Encoding: chunked",
                             "Transfer-Encoding\r\n: chunked"}) {
    EXPECT_THAT(with(hidden), StartsWith("400 ")) << hidden;
  }
}

/// Returns whether the head with these headers asks for an upgrade.
bool asks_websocket(const std::string& headers) {
  RequestReader reader({});
  std::size_t used = 0;
  const std::string text = "GET / HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n\r\n";
  EXPECT_EQ(reader.feed(text, used), RequestReader::Progress::Ready);
  return reader.request().upgrade;
}

TEST(RequestRules, RecogniseWebSocketUpgrades) {
  EXPECT_TRUE(asks_websocket("Upgrade: websocket\r\nConnection: Upgrade"));
  EXPECT_TRUE(
      asks_websocket("Upgrade: h2c, WebSocket\r\nConnection: a\r\nConnection: b , upgrade"));
  EXPECT_FALSE(asks_websocket("Upgrade: websocket"));
  EXPECT_FALSE(asks_websocket("Connection: Upgrade"));
  EXPECT_FALSE(asks_websocket("Upgrade: websockets\r\nConnection: Upgrade"));
  EXPECT_FALSE(asks_websocket("Upgrade: websocket\r\nConnection: upgraded"));
  EXPECT_FALSE(asks_websocket("Upgrade: websocket\r\nConnection: close"));
  EXPECT_EQ(with("Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 1"),
            "400 a WebSocket handshake must not have a body");
  EXPECT_EQ(with("Sec-WebSocket-Protocol: a b"),
            "400 Sec-WebSocket-Protocol must be a list of names");
  EXPECT_EQ(with("Sec-WebSocket-Protocol: a;b=c"),
            "400 Sec-WebSocket-Protocol must be a list of names");
  EXPECT_EQ(with("Sec-WebSocket-Protocol: a, b"), "200 GET /");
}

TEST(RequestRules, ReadForwardedHeaders) {
  RequestReader reader({});
  std::size_t used = 0;
  ASSERT_EQ(
      reader.feed("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.1\r\nOrigin: null\r\n"
                  "x-forwarded-for: 192.0.2.2, 192.0.2.3\r\nX-Forwarded-Proto: https\r\n\r\n",
                  used),
      RequestReader::Progress::Ready);
  EXPECT_EQ(reader.request().forwarded_for, "192.0.2.1, 192.0.2.2, 192.0.2.3");
  EXPECT_EQ(reader.request().forwarded_proto, "https");
  EXPECT_EQ(reader.request().origin, "null");
}

TEST(RequestRules, LeaveBytesAfterTheHead) {
  RequestReader reader({});
  const std::string first = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
  std::size_t used = 0;
  ASSERT_EQ(reader.feed(first + "GET /admin HTTP/1.1\r\nHost: x\r\n\r\n", used),
            RequestReader::Progress::Ready);
  EXPECT_EQ(used, first.size());
  EXPECT_EQ(reader.request().body, "abc");
  EXPECT_THAT(reader.accept(""), HasSubstr("HTTP/1.1 101 "));
}

}  // namespace
}  // namespace signaller::net
