// Response headers that cannot break a response, and percent encoding in URLs.
#include "port/http.hpp"

#include <gtest/gtest.h>

#include "port/url.hpp"

namespace signaller::port {
namespace {

TEST(ResponseHeaders, AcceptOnlyValidHeaders) {
  ResponseHeaders headers;
  EXPECT_TRUE(headers.add("X-One", "a\tb \xc3\xa9"));
  for (const char* name :
       {"", "X One", "X:", "X\r\nY", "X\n", "Connection", "content-LENGTH", "Content-Type",
        "Transfer-Encoding", "Sec-WebSocket-Accept", "Upgrade"}) {
    EXPECT_FALSE(headers.add(name, "a")) << name;
  }
  for (const std::string& value : {std::string("a\r\nX: b"), std::string("a\n"), std::string("\r"),
                                   std::string("\0", 1), std::string("\x7f")}) {
    EXPECT_FALSE(headers.add("X-Two", value));
  }
  ASSERT_EQ(headers.list().size(), 1U);
  EXPECT_TRUE(headers.has("x-one"));
  EXPECT_FALSE(headers.has("x-two"));
}

TEST(ResponseHeaders, HaveAMaximumSize) {
  ResponseHeaders headers;
  EXPECT_FALSE(headers.add("X", std::string(ResponseHeaders::MaxBytes, 'a')));
  EXPECT_TRUE(headers.add("X", std::string(ResponseHeaders::MaxBytes - 1, 'a')));
  EXPECT_FALSE(headers.add("Y", ""));
}

TEST(ResponseHeaders, AListIgnoresInvalidHeaders) {
  const ResponseHeaders headers{{"X", "1"}, {"Y\r\n", "2"}, {"Z", "3"}};
  ASSERT_EQ(headers.list().size(), 2U);
  EXPECT_EQ(headers.list()[1].name, "Z");
}

TEST(HttpRequest, FindsHeadersInAnyCase) {
  HttpRequest request;
  request.headers = {{"User-Agent", "x"}};
  ASSERT_NE(request.header("user-AGENT"), nullptr);
  EXPECT_EQ(*request.header("user-AGENT"), "x");
  EXPECT_EQ(request.header("user"), nullptr);
}

TEST(Url, PercentEncodingIsDecodedOrRefused) {
  EXPECT_EQ(percent_decode("a%20b%2Fc%2f+%00"), std::string("a b/c/+\0", 8));
  EXPECT_EQ(percent_decode(""), "");
  for (const char* bad : {"%", "%4", "a%", "%4g", "%g4", "%%41", "% 41", "%-1"}) {
    EXPECT_FALSE(percent_decode(bad)) << bad;
  }
}

TEST(Url, QueryParametersAreFound) {
  EXPECT_EQ(query_value("room=a%26b+c&key=&flag&room=2", "room"), "a&b c");
  EXPECT_EQ(query_value("room=a&key=&flag", "key"), "");
  EXPECT_EQ(query_value("room=a&key=&flag", "flag"), "");
  EXPECT_EQ(query_value("r%6fom=a=b", "room"), "a=b");
  EXPECT_FALSE(query_value("room=a", "roo"));
  EXPECT_FALSE(query_value("room=%", "room"));
  EXPECT_FALSE(query_value("", ""));
}

}  // namespace
}  // namespace signaller::port
