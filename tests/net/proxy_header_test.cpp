// PROXY headers of version 1 and 2, cut at each byte, and inputs that are no PROXY header.
#include "net/admission/proxy_header.hpp"

#include <gtest/gtest.h>

#include <string>

namespace signaller::net {
namespace {

using Progress = ProxyHeader::Progress;

/// Reads a header. Returns `192.0.2.7 56324 (n bytes)`, `unknown (n bytes)`, `more` or the fault.
std::string read(std::string_view bytes) {
  const ProxyHeader header = ProxyHeader::read(bytes);
  if (header.progress == Progress::NeedsMore) return "more";
  if (header.progress == Progress::Failed) return std::string(header.problem);
  const std::string length = " (" + std::to_string(header.length) + " bytes)";
  if (!header.source) return "unknown" + length;
  return header.source->text() + " " + std::to_string(header.port) + length;
}

const std::string Start("\r\n\r\n\0\r\nQUIT\n", 12);

std::string two_bytes(std::size_t number) {
  return {static_cast<char>(number >> 8U), static_cast<char>(number & 0xffU)};
}
/// Makes a binary header. `command` and `family` are bytes 13 and 14.
std::string binary(int command, int family, const std::string& body) {
  return Start + static_cast<char>(command) + static_cast<char>(family) + two_bytes(body.size()) +
         body;
}
const std::string V4Body =
    std::string("\xc0\x00\x02\x07\xc6\x33\x64\x01", 8) + two_bytes(56324) + two_bytes(443);
const std::string V6Body = "\x20\x01\x0d\xb8" + std::string(11, '\0') + "\x01" +
                           std::string(16, '\x20') + two_bytes(1) + two_bytes(65535);

/// Each proper prefix of the header is incomplete, and bytes behind the header are not read.
void expect_whole(const std::string& header, const std::string& meaning) {
  for (std::size_t size = 0; size < header.size(); ++size) {
    ASSERT_EQ(read(header.substr(0, size)), "more") << size;
  }
  EXPECT_EQ(read(header), meaning);
  EXPECT_EQ(read(header + header), meaning);
  EXPECT_EQ(read(header + "GET / HTTP/1.1\r\n"), meaning);
  EXPECT_EQ(read(header + std::string(5'000, '\xff')), meaning);
}

TEST(ProxyHeader, ReadsTheTextForm) {
  expect_whole("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n", "192.0.2.7 56324 (45 bytes)");
  expect_whole("PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n", "2001:db8::1 1 (44 bytes)");
  expect_whole("PROXY TCP6 ::ffff:192.0.2.7 ::1 0 0\r\n", "192.0.2.7 0 (37 bytes)");
  expect_whole("PROXY UNKNOWN\r\n", "unknown (15 bytes)");
  expect_whole("PROXY UNKNOWN ffff::1 ffff::2 65535 65535 whatever\r\n", "unknown (52 bytes)");
}

TEST(ProxyHeader, ReadsTheBinaryForm) {
  expect_whole(binary(0x21, 0x11, V4Body), "192.0.2.7 56324 (28 bytes)");
  expect_whole(binary(0x21, 0x21, V6Body), "2001:db8::1 1 (52 bytes)");
  expect_whole(binary(0x20, 0x00, ""), "unknown (16 bytes)");
  expect_whole(binary(0x20, 0x11, V4Body), "unknown (28 bytes)");
  expect_whole(binary(0x20, 0x7f, "what a LOCAL one says is not read"), "unknown (49 bytes)");
  expect_whole(binary(0x21, 0x00, ""), "unknown (16 bytes)");
  expect_whole(binary(0x21, 0x00, "anything"), "unknown (24 bytes)");
}

TEST(ProxyHeader, ReadsHeadersWithAdditionalFields) {
  const std::string authority = "\x02" + two_bytes(11) + "example.org";
  const std::string nothing = "\x04" + two_bytes(0);
  expect_whole(binary(0x21, 0x11, V4Body + authority + nothing), "192.0.2.7 56324 (45 bytes)");
  EXPECT_EQ(read(binary(0x21, 0x11, V4Body + "\x02")), "its additional fields are cut short");
  EXPECT_EQ(read(binary(0x21, 0x11, V4Body + "\x02" + two_bytes(12) + "example.org")),
            "its additional fields are cut short");
}

TEST(ProxyHeader, RefusesATextHeaderAboveTheLimit) {
  const std::string start = "PROXY UNKNOWN ";
  const std::string fits = start + std::string(107 - 2 - start.size(), 'x') + "\r\n";
  expect_whole(fits, "unknown (107 bytes)");
  const std::string above = start + std::string(108 - 2 - start.size(), 'x') + "\r\n";
  EXPECT_EQ(read(above), "its line is longer than 107 bytes");
  EXPECT_EQ(read(above.substr(0, 107)), "its line is longer than 107 bytes");
  EXPECT_EQ(read(above.substr(0, 106)), "more");
}

TEST(ProxyHeader, RefusesABinaryHeaderAboveTheLimit) {
  const auto sized = [](std::size_t size) {
    const std::size_t value = size - 16 - V4Body.size() - 3;
    return binary(0x21, 0x11, V4Body + "\x04" + two_bytes(value) + std::string(value, '\0'));
  };
  expect_whole(sized(552), "192.0.2.7 56324 (552 bytes)");
  EXPECT_EQ(read(sized(553)), "it is longer than 552 bytes");
  EXPECT_EQ(read(sized(553).substr(0, 16)), "it is longer than 552 bytes") << "before it is read";
  EXPECT_EQ(read(Start + "\x20" + std::string(1, '\0') + two_bytes(65535)),
            "it is longer than 552 bytes");
}

TEST(ProxyHeader, RefusesBytesThatAreNoHeader) {
  for (const char* other : {"GET / HTTP/1.1\r\n", "proxy TCP4", "PROXYTCP4", "PROXY\t", "\r\n\r\nG",
                            " PROXY TCP4", "\x16\x03\x01", "\n"}) {
    EXPECT_EQ(read(other), "it does not begin with the PROXY signature") << other;
  }
}

TEST(ProxyHeader, RefusesInvalidTextHeaders) {
  const std::string family = "its family must be TCP4, TCP6 or UNKNOWN";
  for (const char* line :
       {"PROXY tcp4 192.0.2.7 192.0.2.8 1 2", "PROXY UDP4 192.0.2.7 192.0.2.8 1 2",
        "PROXY  TCP4 192.0.2.7 192.0.2.8 1 2", "PROXY ", "PROXY UNKNOWN\t"}) {
    EXPECT_EQ(read(line + std::string("\r\n")), family) << line;
  }
  const std::string address = "an address does not belong to its family";
  for (const char* line :
       {"PROXY TCP4 192.0.2.7", "PROXY TCP4", "PROXY TCP4 2001:db8::1 2001:db8::2 1 2",
        "PROXY TCP6 192.0.2.7 192.0.2.8 1 2", "PROXY TCP4 192.0.2.7/24 192.0.2.8 1 2",
        "PROXY TCP4 192.0.2.256 192.0.2.8 1 2", "PROXY TCP4 192.0.2.7 x 1 2",
        "PROXY TCP4  192.0.2.7 192.0.2.8 1 2", "PROXY TCP4 192.0.02.7 192.0.2.8 1 2",
        "PROXY TCP6 fe80::1%lo ::1 1 2", "PROXY TCP6 ::/0 ::1 1 2"}) {
    EXPECT_EQ(read(line + std::string("\r\n")), address) << line;
  }
  const std::string port = "a port must be a number from 0 to 65535";
  for (const char* line :
       {"PROXY TCP4 192.0.2.7 192.0.2.8", "PROXY TCP4 192.0.2.7 192.0.2.8 1",
        "PROXY TCP4 192.0.2.7 192.0.2.8 1 65536", "PROXY TCP4 192.0.2.7 192.0.2.8 -1 2",
        "PROXY TCP4 192.0.2.7 192.0.2.8 +1 2", "PROXY TCP4 192.0.2.7 192.0.2.8 1 2 ",
        "PROXY TCP4 192.0.2.7 192.0.2.8 1 2 3", "PROXY TCP4 192.0.2.7 192.0.2.8 01 2",
        "PROXY TCP4 192.0.2.7 192.0.2.8 0x1 2"}) {
    EXPECT_EQ(read(line + std::string("\r\n")), port) << line;
  }
  EXPECT_EQ(read("PROXY UNKNOWN\rx\r\n"), "it contains a CR without LF");
  EXPECT_EQ(read("PROXY UNKNOWN\n"), "it contains a LF without CR");
  EXPECT_EQ(read("PROXY TCP4 192.0.2.7\n 192.0.2.8 1 2\r\n"), "it contains a LF without CR");
}

TEST(ProxyHeader, RefusesInvalidBinaryHeaders) {
  for (const int command : {0x00, 0x11, 0x22, 0x2f, 0x31, 0xff}) {
    EXPECT_EQ(read(binary(command, 0x11, V4Body)),
              "its version must be 2, and its command must be LOCAL or PROXY");
  }
  for (const int family : {0x01, 0x10, 0x12, 0x13, 0x22, 0x31, 0x32, 0x41}) {
    EXPECT_EQ(read(binary(0x21, family, V6Body)), "its family must be TCP over IPv4 or IPv6");
  }
  EXPECT_EQ(read(binary(0x21, 0x11, V4Body.substr(1))), "it is shorter than its addresses");
  EXPECT_EQ(read(binary(0x21, 0x21, V4Body)), "it is shorter than its addresses");
  EXPECT_EQ(read(binary(0x21, 0x11, "")), "it is shorter than its addresses");
}

}  // namespace
}  // namespace signaller::net
