// Decodes bytes to requests and messages. The bytes come in pieces of every size.
#include <gtest/gtest.h>

#include "net/http/codec.hpp"
#include "net/http/response.hpp"

namespace signaller::net {
namespace {

const std::string Upgrade =
    "GET /chat?x=1 HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\n"
    "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Protocol: other, signaller\r\nSec-WebSocket-Version: 13\r\n\r\n";

/// A masked client frame (RFC 6455 §5.2).
std::string frame(unsigned first_byte, const std::string& payload) {
  std::string out(1, static_cast<char>(first_byte));
  if (payload.size() < 126) {
    out += static_cast<char>(0x80U | payload.size());
  } else if (payload.size() < 65536) {
    out += static_cast<char>(0xfe);
    out += static_cast<char>(payload.size() >> 8U);
    out += static_cast<char>(payload.size() & 0xffU);
  } else {
    out += static_cast<char>(0xff);
    for (int shift = 56; shift >= 0; shift -= 8) {
      out += static_cast<char>((payload.size() >> static_cast<unsigned>(shift)) & 0xffU);
    }
  }
  const std::string key = "\x11\x22\x33\x44";
  out += key;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    out += static_cast<char>(payload[i] ^ key[i % 4]);
  }
  return out;
}

struct Reading {
  std::vector<Message> messages;
  std::uint16_t close_code = 0;
};

/// Feeds the bytes in pieces of `step`.
Reading read_all(std::string bytes, std::size_t limit, std::size_t step) {
  FrameReader reader(limit);
  Reading result;
  Message message;
  for (std::size_t at = 0; at < bytes.size();) {
    std::size_t used = 0;
    const std::size_t size = std::min(step, bytes.size() - at);
    switch (reader.next(bytes.data() + at, size, used, message)) {
      case FrameReader::Progress::Ready:
        result.messages.push_back(message);
        break;
      case FrameReader::Progress::Failed:
        result.close_code = reader.close_code();
        return result;
      case FrameReader::Progress::NeedsMore:
        break;
    }
    at += used;
  }
  return result;
}

TEST(RequestReader, AnswersTheHandshakeOfTheRfc) {
  for (std::size_t step = 1; step <= Upgrade.size(); ++step) {
    RequestReader reader({});
    auto progress = RequestReader::Progress::NeedsMore;
    for (std::size_t at = 0; at < Upgrade.size(); at += step) {
      std::size_t used = 0;
      const auto piece = Upgrade.substr(at, step);
      ASSERT_EQ(progress, RequestReader::Progress::NeedsMore);
      progress = reader.feed(piece, used);
      ASSERT_EQ(used, piece.size());
    }
    ASSERT_EQ(progress, RequestReader::Progress::Ready);
    const Request& request = reader.request();
    EXPECT_EQ(request.path, "/chat");
    EXPECT_EQ(request.query, "x=1");
    EXPECT_EQ(request.host, "example.org");
    EXPECT_TRUE(request.upgrade && request.version_13 && request.key_valid);
    EXPECT_EQ(request.subprotocols, (std::vector<std::string>{"other", "signaller"}));
    const std::string answer = reader.accept("signaller");
    EXPECT_EQ(answer.rfind("HTTP/1.1 101", 0), 0U);
    EXPECT_NE(answer.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos);
    EXPECT_NE(answer.find("Sec-WebSocket-Protocol: signaller"), std::string::npos);
  }
}

TEST(RequestReader, LeavesBytesAfterTheRequest) {
  RequestReader reader({});
  std::size_t used = 0;
  ASSERT_EQ(reader.feed(Upgrade + "frames", used), RequestReader::Progress::Ready);
  EXPECT_EQ(used, Upgrade.size());
}

TEST(RequestReader, AnAbsoluteTargetDefinesTheHost) {
  RequestReader reader({});
  std::size_t used = 0;
  ASSERT_EQ(reader.feed("GET http://b:80?x HTTP/1.1\r\nHost: a\r\n\r\n", used),
            RequestReader::Progress::Ready);
  EXPECT_EQ(reader.request().host, "b:80");
  EXPECT_EQ(reader.request().path, "/");
  EXPECT_EQ(reader.request().query, "x");
}

int status_of(const std::string& text, RequestReader::Limits limits = {}) {
  RequestReader reader(limits);
  std::size_t used = 0;
  return reader.feed(text, used) == RequestReader::Progress::Failed ? reader.status() : 0;
}

TEST(RequestReader, RefusesInvalidRequests) {
  EXPECT_EQ(status_of("GARBAGE\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);  // without Host
  EXPECT_EQ(status_of("G@T / HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET nowhere HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  for (const char* odd : {"Host: a\r\nHost: b", "Host: x\r\nContent-Length: 1\r\nContent-Length: 1",
                          "Host: x\r\nContent-Length: 0x2", "Host: a b", "Host: a/b", "Host: a\x01",
                          "Host: x\r\nX: \x7f"}) {
    EXPECT_EQ(status_of(std::string("GET / HTTP/1.1\r\n") + odd + "\r\n\r\n1"), 400) << odd;
  }
  EXPECT_EQ(status_of(std::string("GET / HTTP/1.1\r\nHost: x\0y\r\n\r\n", 29)), 400);
  EXPECT_EQ(status_of("GET /\x1b[2J HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/2.0\r\nHost: x\r\n\r\n"), 505);
}

TEST(RequestReader, AHeadAboveTheLimitIsRefused) {
  const std::string start = "GET / HTTP/1.1\r\nHost: x\r\nX: ";
  const RequestReader::Limits limits{200, 10};
  const std::string fits = start + std::string(200 - start.size() - 4, 'x') + "\r\n\r\n";
  EXPECT_EQ(status_of(fits, limits), 0);
  EXPECT_EQ(status_of(start + std::string(201 - start.size() - 4, 'x') + "\r\n\r\n", limits), 431);
  EXPECT_EQ(status_of(std::string(201, 'A'), limits), 431);
  EXPECT_EQ(status_of("GET /" + std::string(196, 'x'), limits), 414) << "the target is too long";
  EXPECT_EQ(status_of("GET / " + std::string(196, 'x'), limits), 431);
}

TEST(HttpResponse, HasADate) {
  EXPECT_EQ(http_date(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT") << "of RFC 9110 §5.6.7";
  EXPECT_EQ(http_date(1'709'164'800), "Thu, 29 Feb 2024 00:00:00 GMT");
  HttpResponse response;
  EXPECT_THAT(http_response(response, false), testing::Not(testing::HasSubstr("Date:")));
  response.unix_s = 784'111'777;
  EXPECT_THAT(http_response(response, false),
              testing::HasSubstr("\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
}

TEST(HttpResponse, NamesTheProtocolToUpgradeTo) {
  const std::string text = http_response({426, PlainText, "why\n", {}}, false);
  EXPECT_THAT(text, testing::HasSubstr("\r\nUpgrade: websocket\r\n"));
  EXPECT_THAT(text, testing::HasSubstr("\r\nConnection: close, Upgrade\r\n"));
}

TEST(RequestReader, ABodyAboveTheLimitIsRefused) {
  const auto post = [](std::size_t size) {
    return "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
           std::string(size, 'b');
  };
  EXPECT_EQ(status_of(post(10), {200, 10}), 0);
  EXPECT_EQ(status_of(post(11), {200, 10}), 413);
}

TEST(RequestReader, ABodyIsHeldOnceAndMovedOut) {
  constexpr std::size_t Head = 1'024;
  constexpr std::size_t Length = 100'000;
  RequestReader reader({1'000, Length});
  EXPECT_LE(reader.held(), Head);
  std::size_t used = 0;
  ASSERT_EQ(reader.feed("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n", used),
            RequestReader::Progress::NeedsMore);
  EXPECT_LE(reader.held(), Head) << "nothing is reserved for a length that is only claimed";
  for (std::size_t come = 1'000; come <= Length; come += 1'000) {
    const auto progress = reader.feed(std::string(1'000, 'b'), used);
    ASSERT_EQ(progress,
              come == Length ? RequestReader::Progress::Ready : RequestReader::Progress::NeedsMore);
    EXPECT_EQ(used, 1'000U);
    EXPECT_GE(reader.held(), come);
    EXPECT_LE(reader.held(), std::min(2 * come, Length) + Head);
  }
  const char* const bytes = reader.request().body.data();
  const std::string body = reader.take_body();
  EXPECT_EQ(body, std::string(Length, 'b'));
  EXPECT_EQ(body.data(), bytes) << "moved, not copied";
  EXPECT_LE(reader.held(), Head);
}

TEST(RequestReader, BeginsWithTheFirstByteThatIsNoEmptyLine) {
  RequestReader reader({});
  std::size_t used = 0;
  for (const char* empty : {"\r\n", "\r", "\n", "\r\n\r\n"}) {
    EXPECT_EQ(reader.feed(empty, used), RequestReader::Progress::NeedsMore);
    EXPECT_FALSE(reader.begun());
  }
  EXPECT_EQ(reader.feed("G", used), RequestReader::Progress::NeedsMore);
  EXPECT_TRUE(reader.begun());
  EXPECT_EQ(reader.feed("ET / HTTP/1.1\r\nHost: x\r\n\r\n", used), RequestReader::Progress::Ready);
  EXPECT_TRUE(reader.begun());
}

TEST(FrameReader, MessagesAreWholeWhereverTheBytesAreCut) {
  const std::string text = "/pubmsg #x \xe4\xbd\xa0\xe5\xa5\xbd";
  const std::string bytes = frame(0x81, text) + frame(0x01, text.substr(0, 12)) +
                            frame(0x89, "ping") + frame(0x80, text.substr(12)) +
                            frame(0x81, std::string(300, 'x')) + frame(0x81, "");
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    const Reading reading = read_all(bytes, 8192, step);
    ASSERT_EQ(reading.close_code, 0) << step;
    ASSERT_EQ(reading.messages.size(), 5U) << step;
    EXPECT_EQ(reading.messages[0].payload, text);
    EXPECT_EQ(reading.messages[1].opcode, Opcode::Ping);
    EXPECT_EQ(reading.messages[2].payload, text);
    EXPECT_EQ(reading.messages[2].opcode, Opcode::Text);
    EXPECT_EQ(reading.messages[3].payload.size(), 300U);
    EXPECT_EQ(reading.messages[4].payload, "");
  }
}

TEST(FrameReader, BreachesGiveTheRightCloseCodes) {
  const std::string unmasked = {static_cast<char>(0x81), 2, 'h', 'i'};
  EXPECT_EQ(read_all(unmasked, 100, 1).close_code, 1002);
  EXPECT_EQ(read_all(frame(0xc1, "x"), 100, 100).close_code, 1002);  // RSV1
  EXPECT_EQ(read_all(frame(0x83, "x"), 100, 100).close_code, 1002);  // reserved opcode
  // A continuation frame without a first fragment.
  EXPECT_EQ(read_all(frame(0x80, "x"), 100, 100).close_code, 1002);
  EXPECT_EQ(read_all(frame(0x09, "x"), 100, 100).close_code, 1002);  // fragmented ping
  EXPECT_EQ(read_all(frame(0x89, std::string(126, 'x')), 1000, 1000).close_code, 1002);
  EXPECT_EQ(read_all(frame(0x01, "a") + frame(0x81, "b"), 100, 100).close_code, 1002);
  EXPECT_EQ(read_all(frame(0x81, "\xc3"), 100, 100).close_code, 1007);          // cut code point
  EXPECT_EQ(read_all(frame(0x81, "\xed\xa0\x80"), 100, 100).close_code, 1007);  // surrogate
  EXPECT_EQ(read_all(frame(0x01, "\xe4") + frame(0x80, "x"), 100, 100).close_code, 1007);
  EXPECT_EQ(read_all(frame(0x01, "a") + frame(0x80, "\xe4\xbd"), 100, 100).close_code, 1007);
  EXPECT_EQ(read_all(frame(0x01, "\xe4") + frame(0x80, "\xbd\xa0"), 100, 100).close_code, 0);
  const std::string long_form = {
      static_cast<char>(0x81), static_cast<char>(0xfe), 0, 1, 0, 0, 0, 0, 'x'};
  EXPECT_EQ(read_all(long_form, 100, 100).close_code, 1002);
}

TEST(FrameReader, AMessageAboveTheLimitIsRefused) {
  EXPECT_EQ(read_all(frame(0x81, std::string(100, 'x')), 100, 1000).messages.size(), 1U);
  EXPECT_EQ(read_all(frame(0x81, std::string(101, 'x')), 100, 1000).close_code, 1009);
  const std::string half = frame(0x01, std::string(60, 'x'));
  EXPECT_EQ(read_all(half + frame(0x80, std::string(40, 'x')), 100, 1000).messages.size(), 1U);
  EXPECT_EQ(read_all(half + frame(0x80, std::string(41, 'x')), 100, 1000).close_code, 1009);
}

TEST(FrameReader, ALengthThatWouldOverflowIsABreach) {
  std::string bytes = frame(0x01, std::string(60, 'x'));
  bytes += {static_cast<char>(0x80), static_cast<char>(0xff)};
  bytes += std::string("\xff\xff\xff\xff\xff\xff\xff\xe0", 8) + "\x01\x02\x03\x04";
  EXPECT_EQ(read_all(bytes + std::string(500, 'x'), 100, 1000).close_code, 1002);
}

/// Feeds bytes that end within a message, or between two messages.
void feed(FrameReader& reader, std::string bytes) {
  Message message;
  for (std::size_t at = 0; at < bytes.size();) {
    std::size_t used = 0;
    ASSERT_NE(reader.next(bytes.data() + at, bytes.size() - at, used, message),
              FrameReader::Progress::Failed);
    at += used;
  }
}

TEST(FrameReader, ReportsWhetherAMessageIsUnfinished) {
  FrameReader reader(8192);
  const auto after = [&reader](const std::string& bytes) {
    feed(reader, bytes);
    return reader.in_message();
  };
  EXPECT_FALSE(after(""));
  const std::string first = frame(0x01, "first");
  for (const char byte : first) EXPECT_TRUE(after({byte}));
  const std::string ping = frame(0x89, "ping");
  for (const char byte : ping) EXPECT_TRUE(after({byte}));
  EXPECT_TRUE(after(frame(0x00, "")));
  EXPECT_FALSE(after(frame(0x80, "last")));
  for (const char byte : ping) EXPECT_FALSE(after({byte}));
  const std::string whole = frame(0x82, std::string(300, 'x'));
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) EXPECT_TRUE(after({whole[i]})) << i;
  EXPECT_FALSE(after({whole.back()}));
}

/// The first 14 bytes of a masked frame that claims `size` bytes.
std::string claim(unsigned first_byte, std::uint64_t size) {
  std::string out{static_cast<char>(first_byte), static_cast<char>(0xff)};
  for (int shift = 56; shift >= 0; shift -= 8) {
    out += static_cast<char>((size >> static_cast<unsigned>(shift)) & 0xffU);
  }
  return out + std::string(4, '\0');
}

TEST(FrameReader, MemoryDependsOnReceivedNotOnClaimedBytes) {
  constexpr std::size_t Limit = 16UL * 1024 * 1024;
  for (const bool fragmented : {false, true}) {
    FrameReader reader(Limit);
    std::size_t come = fragmented ? 1000 : 0;
    if (fragmented) feed(reader, frame(0x02, std::string(come, 'x')));
    feed(reader, claim(fragmented ? 0x80 : 0x82, Limit - come));
    EXPECT_LE(reader.held(), 2 * come + FrameReader::SmallClaim);
    for (const std::size_t piece : {1UL, 5000UL, 65'536UL, 65'536UL, 1'000'000UL}) {
      feed(reader, std::string(piece, 'x'));
      come += piece;
      EXPECT_GE(reader.held(), come);
      EXPECT_LE(reader.held(), 2 * come + FrameReader::SmallClaim);
    }
    feed(reader, std::string(Limit - come, 'x'));
    EXPECT_FALSE(reader.in_message());
    EXPECT_EQ(reader.held(), 0U);
  }
}

TEST(FrameReader, ALengthWithItsHighestBitIsABreach) {
  EXPECT_EQ(read_all(claim(0x82, 1ULL << 63U), 100, 100).close_code, 1002);
  EXPECT_EQ(read_all(claim(0x82, (1ULL << 63U) - 1), 100, 100).close_code, 1009);
}

TEST(CloseFrames, AreReadAndAnswered) {
  EXPECT_EQ(read_close("").answer, 1005);
  EXPECT_EQ(read_close(std::string("\x03\xe8", 2) + "bye").answer, 1000);
  EXPECT_EQ(read_close(std::string("\x0b\xb8", 2)).answer, 3000);
  EXPECT_EQ(read_close("\x03").answer, 1002);
  for (const int number : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) {
    const auto code = static_cast<std::uint16_t>(number);
    EXPECT_EQ(read_close(close_payload(code, "")).answer, 1002) << code;
  }
  EXPECT_EQ(read_close(close_payload(1000, "\xff")).answer, 1007);
}

TEST(CloseFrames, LongReasonsAreCutBetweenCodePoints) {
  std::string reason(122, 'x');
  reason += "\xe4\xbd\xa0";
  EXPECT_EQ(close_payload(1000, reason).size(), 2U + 122U);
  EXPECT_EQ(close_payload(1000, std::string(500, 'x')).size(), 125U);
}

}  // namespace
}  // namespace signaller::net
