// RFC 6455 §4.2: the opening handshake on the server's side.
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>

#include "tests/rfc6455/suite.hpp"

namespace signaller::net {
namespace {

using testing::HasSubstr;
using testing::Not;

class Handshake : public Rfc6455 {
 protected:
  /// Sends a request and returns the head of the answer.
  [[nodiscard]] std::string answer_to(const std::string& request) const {
    const auto peer = connect();
    peer->put(request);
    return peer->head();
  }
  /// Sends a request and returns the status of the answer.
  [[nodiscard]] int status_of(const std::string& request) const {
    const std::string head = answer_to(request);
    return head.rfind("HTTP/1.1 ", 0) == 0 ? std::stoi(head.substr(9)) : 0;
  }
  /// Returns a handshake to `path` with these header values; an empty value leaves the header out.
  static std::string with(const std::string& upgrade, const std::string& connection,
                          const std::string& key = SampleKey, const std::string& version = "13") {
    const auto header = [](const std::string& name, const std::string& value) {
      return value.empty() ? "" : name + ": " + value + "\r\n";
    };
    return request("/echo", header("Upgrade", upgrade) + header("Connection", connection) +
                                header("Sec-WebSocket-Key", key) +
                                header("Sec-WebSocket-Version", version));
  }
  static std::string with_key(const std::string& key) { return with("websocket", "Upgrade", key); }
  /// Returns a valid handshake with more headers.
  static std::string and_also(const std::string& path, const std::string& headers) {
    std::string bytes = handshake(path);
    return bytes.insert(bytes.size() - 2, headers);
  }
};

/// Returns the values of all lines of a header, each followed by a semicolon.
std::string header_of(const std::string& head, const std::string& name) {
  std::string values;
  const std::string start = "\r\n" + name + ": ";
  for (std::size_t at = head.find(start); at != std::string::npos; at = head.find(start, at + 1)) {
    const std::size_t from = at + start.size();
    values += head.substr(from, head.find("\r\n", from) - from) + ";";
  }
  return values;
}

std::string in_base64(const std::string& bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

TEST_P(Handshake, S4_2_1_MustBeAGet) {
  for (const char* method : {"POST", "PUT", "OPTIONS", "CONNECT", "get", "GETS"}) {
    const std::string request = std::string(method) + handshake().substr(3);
    EXPECT_THAT(status_of(request), testing::AnyOf(400, 405, 501)) << method;
  }
  EXPECT_EQ(status_of("HEAD" + handshake().substr(3)), 400);
}

TEST_P(Handshake, S4_2_1_MustBeHttp11) {
  for (const char* version : {"HTTP/1.0", "HTTP/0.9", "HTTP/2", "HTTP/1.1.1", "HTP/1.1", ""}) {
    std::string request = handshake();
    request.replace(request.find("HTTP/1.1"), 8, version);
    EXPECT_THAT(status_of(request), testing::AnyOf(400, 426, 505)) << version;
  }
}

TEST_P(Handshake, S4_2_1_MustHaveOneHost) {
  std::string none = handshake();
  none.erase(none.find("Host: localhost\r\n"), 17);
  EXPECT_EQ(status_of(none), 400);
  EXPECT_EQ(status_of(and_also("/echo", "Host: localhost\r\n")), 400);
}

TEST_P(Handshake, S4_2_1_TheTargetMayBeAnAbsoluteUri) {
  EXPECT_EQ(status_of(handshake("/echo?a=b")), 101);
  EXPECT_EQ(status_of(handshake("http://localhost/echo")), 101);
  EXPECT_EQ(status_of(handshake("HTTPS://127.0.0.1:3012/echo?a=b")), 101);
  EXPECT_EQ(status_of(handshake("http://localhost/elsewhere")), 404);
  for (const char* wrong : {"ftp://localhost/echo", "http:///echo", "http://user@localhost/echo",
                            "http:/echo", "echo", "*"}) {
    EXPECT_EQ(status_of(handshake(wrong)), 400) << wrong;
  }
}

TEST_P(Handshake, S4_2_2_AnUnknownResourceIsNotFound) {
  EXPECT_EQ(status_of(handshake("/nothing")), 404);
  EXPECT_EQ(status_of(handshake("/echo/")), 404);
}

TEST_P(Handshake, S4_2_1_UpgradeMustContainWebsocketInAnyCase) {
  for (const char* value :
       {"websocket", "WebSocket", "WEBSOCKET", "h2c, websocket", "websocket,x", "x ,\twebsocket"}) {
    EXPECT_EQ(status_of(with(value, "Upgrade")), 101) << value;
  }
  for (const char* value : {"", "websocke", "websockets", "xwebsocket", "h2c", "web socket", ",",
                            "\"websocket\"", "websocket2"}) {
    EXPECT_EQ(status_of(with(value, "Upgrade")), 426) << value;
  }
}

TEST_P(Handshake, S4_2_1_ConnectionMustContainUpgradeInAnyCase) {
  for (const char* value : {"Upgrade", "upgrade", "UPGRADE", "keep-alive, Upgrade",
                            "Upgrade,keep-alive", "a,\t upgrade ,b", ",Upgrade,"}) {
    EXPECT_EQ(status_of(with("websocket", value)), 101) << value;
  }
  EXPECT_EQ(status_of(with("websocket", "keep-alive\r\nConnection: Upgrade")), 101);
  for (const char* value :
       {"", "keep-alive", "Upgraded", "noupgrade", "up grade", "close", "Upgrade-x", "upgrade;x"}) {
    EXPECT_EQ(status_of(with("websocket", value)), 426) << value;
  }
}

TEST_P(Handshake, S4_2_1_TheKeyMustBe16BytesInBase64) {
  EXPECT_EQ(status_of(with_key("AAAAAAAAAAAAAAAAAAAAAA==")), 101);
  EXPECT_EQ(status_of(with_key("  " + SampleKey + "\t ")), 101);
  for (const std::string& key :
       {std::string(), std::string("x"), in_base64(std::string(15, 'k')),
        in_base64(std::string(17, 'k')), in_base64(std::string(18, 'k')),
        std::string("dGhlIHNhbXBsZSBub25jZQ"), std::string("dGhlIHNhbXBsZSBub25jZQ= ="),
        std::string("dGhlIHNhbXBsZSBub25j!Q=="), std::string("dGhl-HNhbXBsZSBub25jZQ=="),
        std::string("=="), SampleKey + SampleKey, SampleKey + ", " + SampleKey,
        SampleKey + "\r\nSec-WebSocket-Key: " + SampleKey}) {
    EXPECT_EQ(status_of(with_key(key)), 400) << key;
  }
}

TEST_P(Handshake, S4_4_AnotherVersionGets426WithTheSupportedVersion) {
  for (const char* version : {"", "0", "7", "8", "12", "14", "25", "255", "013", "13.0", "x", "-13",
                              "13, 8", "8, 13", "1 3"}) {
    const std::string head = answer_to(with("websocket", "Upgrade", SampleKey, version));
    EXPECT_EQ(head.rfind("HTTP/1.1 426 ", 0), 0U) << version;
    EXPECT_EQ(header_of(head, "Sec-WebSocket-Version"), "13;") << version;
  }
}

TEST_P(Handshake, S11_3_5_MoreThanOneVersionIsRefused) {
  const std::string twice = "13\r\nSec-WebSocket-Version: 13";
  EXPECT_EQ(status_of(with("websocket", "Upgrade", SampleKey, twice)), 400);
}

TEST_P(Handshake, S4_2_2_TheAnswerHasAllRequiredHeaders) {
  const std::string head = answer_to(handshake());
  EXPECT_EQ(head.rfind("HTTP/1.1 101 ", 0), 0U);
  EXPECT_EQ(header_of(head, "Upgrade"), "websocket;");
  EXPECT_EQ(header_of(head, "Connection"), "Upgrade;");
  EXPECT_EQ(header_of(head, "Sec-WebSocket-Accept"), SampleAccept + ";");
  EXPECT_THAT(head, Not(HasSubstr("Content-Length")));
  EXPECT_THAT(head, Not(HasSubstr("Sec-WebSocket-Protocol")));
  EXPECT_THAT(head, Not(HasSubstr("Sec-WebSocket-Extensions")));
}

TEST_P(Handshake, S4_2_2_AcceptIsComputedFromTheKey) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::string bytes(16, '\0');
    for (unsigned i = 0; i < 16; ++i) bytes[i] = static_cast<char>(seed * 41 + i * i * 37);
    const std::string key = in_base64(bytes);
    const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::string digest(SHA_DIGEST_LENGTH, '\0');
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
    EXPECT_EQ(header_of(answer_to(with_key(key)), "Sec-WebSocket-Accept"), in_base64(digest) + ";");
  }
}

TEST_P(Handshake, S4_2_2_TheSubprotocolIsOneThatTheClientOffers) {
  const auto chosen = [this](const std::string& path, const std::string& lines) {
    const std::string head = answer_to(and_also(path, lines));
    EXPECT_EQ(head.rfind("HTTP/1.1 101 ", 0), 0U) << head;
    return header_of(head, "Sec-WebSocket-Protocol");
  };
  const std::string ask = "Sec-WebSocket-Protocol: ";
  EXPECT_EQ(chosen("/", ask + "signaller\r\n"), "signaller;");
  EXPECT_EQ(chosen("/", ask + "chat, signaller,other\r\n"), "signaller;");
  EXPECT_EQ(chosen("/", ask + "chat\r\n" + ask + "signaller\r\n"), "signaller;");
  EXPECT_EQ(chosen("/", ""), "");
  EXPECT_EQ(chosen("/", ask + "chat, superchat\r\n"), "");
  EXPECT_EQ(chosen("/", ask + "Signaller\r\n"), "");
  EXPECT_EQ(chosen("/", ask + "signaller2\r\n"), "");
  EXPECT_EQ(chosen("/echo", ask + "signaller, echo\r\n"), "");
}

TEST_P(Handshake, S4_2_2_NoExtensionIsAccepted) {
  for (const char* offer :
       {"permessage-deflate", "permessage-deflate; client_max_window_bits",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "permessage-deflate; server_max_window_bits=8; client_max_window_bits=15",
        "permessage-deflate; server_max_window_bits=\"10\"",
        "permessage-deflate; client_max_window_bits, permessage-deflate", "PerMessage-Deflate",
        "x-webkit-deflate-frame", "deflate-frame", "permessage-bzip2",
        "permessage-deflate\r\nSec-WebSocket-Extensions: foo", "foo; bar=baz", ",", ";;=", ""}) {
    const auto peer = connect();
    peer->put(and_also("/echo", "Sec-WebSocket-Extensions: " + std::string(offer) + "\r\n"));
    const std::string head = peer->head();
    EXPECT_EQ(head.rfind("HTTP/1.1 101 ", 0), 0U) << offer << head;
    EXPECT_THAT(head, Not(HasSubstr("Sec-WebSocket-Extensions"))) << offer;
    // "Hello", compressed by permessage-deflate (RFC 7692 §7.2.3.1).
    peer->put(text(hex("f2 48 cd c9 c9 07 00")).reserved(4));
    EXPECT_EQ(peer->hear(), "close 1002") << offer;
  }
}

TEST_P(Handshake, S4_2_1_HeadersMayHaveAnyCaseAndOrderAndUnknownOnesAreIgnored) {
  EXPECT_EQ(status_of("GET /echo HTTP/1.1\r\nSEC-WEBSOCKET-VERSION:13\r\nX-Else: \xff\r\n"
                      "sec-websocket-key:" +
                      SampleKey +
                      "\r\ncookie: a=b\r\nUPGRADE:websocket\r\nPragma: no-cache\r\n"
                      "cOnNeCtIoN:uPgRaDe\r\nSec-WebSocket-Else: 1\r\nhost:localhost\r\n\r\n"),
            101);
}

TEST_P(Handshake, S4_2_2_MayBeCutAnywhere) {
  const std::string bytes = handshake() + std::string(text("at once"));
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    const auto peer = connect();
    peer->put(bytes.substr(0, cut));
    peer->put(bytes.substr(cut));
    ASSERT_EQ(header_of(peer->head(), "Sec-WebSocket-Accept"), SampleAccept + ";") << cut;
    ASSERT_EQ(peer->hear(), "text at once") << cut;
  }
  const auto peer = connect();
  peer->put_bytewise(bytes);
  EXPECT_EQ(header_of(peer->head(), "Sec-WebSocket-Accept"), SampleAccept + ";");
  hears(*peer, {"text at once"});
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, Handshake, Ways, name_of);

}  // namespace
}  // namespace signaller::net
