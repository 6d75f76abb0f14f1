// Origins of web pages that may connect.
#include "net/http/origin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signaller::net {
namespace {

using testing::HasSubstr;

bool allows(std::string_view origin, std::string_view host, Scheme scheme = Scheme::Http,
            const std::vector<std::string>& listed = {}) {
  OriginRule rule;
  EXPECT_FALSE(rule.assign(listed));
  return rule.allows(origin, host, scheme);
}
bool listed(const char* origin, const std::vector<std::string>& list) {
  return allows(origin, "chat.invalid", Scheme::Http, list);
}

TEST(Origin, TheOwnHostIsAllowed) {
  EXPECT_TRUE(allows("http://example.org", "example.org"));
  EXPECT_TRUE(allows("http://Example.ORG", "eXample.org"));
  EXPECT_TRUE(allows("http://example.org", "example.org:80"));
  EXPECT_TRUE(allows("http://example.org:80", "example.org"));
  EXPECT_TRUE(allows("http://example.org:3012", "example.org:3012"));
  EXPECT_TRUE(allows("http://127.0.0.1:3012", "127.0.0.1:3012"));
  EXPECT_TRUE(allows("http://[::1]:3012", "[::1]:3012"));
  EXPECT_TRUE(allows("https://example.org", "example.org", Scheme::Https));
  EXPECT_TRUE(allows("https://example.org", "example.org:443", Scheme::Https));
}

TEST(Origin, OtherOriginsAreRefused) {
  EXPECT_FALSE(allows("http://evil.example", "example.org"));
  EXPECT_FALSE(allows("http://example.org.evil.example", "example.org"));
  EXPECT_FALSE(allows("http://evilexample.org", "example.org"));
  EXPECT_FALSE(allows("http://a.example.org", "example.org"));
  EXPECT_FALSE(allows("http://example.org:8080", "example.org"));
  EXPECT_FALSE(allows("http://example.org", "example.org:3012"));
  EXPECT_FALSE(allows("http://127.0.0.1:3012", "localhost:3012"));
  EXPECT_FALSE(allows("http://[::1]", "[::2]"));
}

TEST(Origin, AMissingPortIsTheSchemesDefault) {
  EXPECT_FALSE(allows("https://example.org", "example.org", Scheme::Http));
  EXPECT_FALSE(allows("http://example.org", "example.org", Scheme::Https));
  EXPECT_TRUE(allows("https://example.org", "example.org:443", Scheme::Http));
}

TEST(Origin, AnUnknownSchemeTakesThePortOfTheOrigin) {
  EXPECT_TRUE(allows("https://example.org", "example.org", Scheme::Unknown));
  EXPECT_TRUE(allows("http://example.org", "example.org", Scheme::Unknown));
  EXPECT_TRUE(allows("https://example.org:8443", "example.org:8443", Scheme::Unknown));
  EXPECT_FALSE(allows("https://example.org:8443", "example.org", Scheme::Unknown));
  EXPECT_FALSE(allows("https://evil.example", "example.org", Scheme::Unknown));
  EXPECT_FALSE(allows("app://example.org", "example.org", Scheme::Unknown));
}

TEST(Origin, ListedOriginsAreAllowed) {
  EXPECT_TRUE(listed("https://example.org", {"https://other.example", "https://example.org"}));
  EXPECT_TRUE(listed("https://EXAMPLE.org:443", {"https://example.org"}));
  EXPECT_TRUE(listed("https://example.org", {"https://Example.org:443"}));
  EXPECT_TRUE(listed("https://example.org:8443", {"https://example.org:8443"}));
  EXPECT_TRUE(listed("capacitor://localhost", {"capacitor://localhost"}));
  EXPECT_FALSE(listed("http://example.org", {"https://example.org"}));
  EXPECT_FALSE(listed("https://example.org:8443", {"https://example.org"}));
  EXPECT_FALSE(listed("https://a.example.org", {"https://example.org"}));
}

TEST(Origin, AWildcardAllowsAllSubdomains) {
  const std::vector<std::string> list{"https://*.example.org"};
  EXPECT_TRUE(listed("https://a.example.org", list));
  EXPECT_TRUE(listed("https://a.b.Example.org:443", list));
  EXPECT_FALSE(listed("https://example.org", list));
  EXPECT_FALSE(listed("https://evilexample.org", list));
  EXPECT_FALSE(listed("https://a.example.org.evil.example", list));
  EXPECT_FALSE(listed("https://.example.org", list));
  EXPECT_FALSE(listed("http://a.example.org", list));
  EXPECT_TRUE(listed("https://a.example.org:8443", {"https://*.example.org:8443"}));
}

TEST(Origin, NullAndStarAreAllowedWhenListed) {
  EXPECT_FALSE(listed("null", {}));
  EXPECT_FALSE(listed("null", {"https://example.org"}));
  EXPECT_TRUE(listed("null", {"null"}));
  EXPECT_FALSE(listed("https://example.org", {"null"}));
  EXPECT_TRUE(listed("null", {"*"}));
  EXPECT_TRUE(listed("https://evil.example", {"*"}));
}

TEST(Origin, InvalidOriginsAreRefused) {
  for (const char* origin :
       {"", "example.org", "http://", "://example.org", "http:/example.org", "http://example.org/",
        "http://example.org/path", "http://a b", "http://user@example.org",
        "http://example.org:", "http://example.org:x", "http://example.org:65536",
        "http://example.org:0", "http://example.org http://example.org", "http://[::1",
        "http://::1", "http://example.org,http://example.org", "ht tp://example.org",
        "http://example.org\xc3\xa9"}) {
    EXPECT_FALSE(allows(origin, "example.org")) << origin;
  }
  EXPECT_FALSE(allows("http://example.org", "example.org:x"));
  EXPECT_FALSE(allows("http://example.org", ""));
}

TEST(Origin, AListReportsItsFirstInvalidEntry) {
  OriginRule rule;
  for (const char* none :
       {"example.org", "https://*", "https://a.*.example.org", "https://*example.org",
        "https://example.org/", "NULL", "**", "", "https://*.*.example.org"}) {
    EXPECT_EQ(rule.assign({"https://fine.example", none}), std::string(none));
  }
}

TEST(Origin, TheRefusalNamesTheOriginAndTheKey) {
  EXPECT_EQ(origin_refusal("https://evil.example"),
            "Pages from https://evil.example may not connect here: net.origins does not list them");
  EXPECT_THAT(origin_refusal("a\x1b[2J<b>\r\n\xc3"),
              HasSubstr(R"(a\x1b[2J\x3cb\x3e\x0d\x0a\xc3 may)"));
  EXPECT_THAT(origin_refusal(std::string(101, 'o')),
              HasSubstr(" " + std::string(100, 'o') + "... "));
  EXPECT_THAT(origin_refusal(std::string(100, 'o')),
              HasSubstr(" " + std::string(100, 'o') + " may"));
}

}  // namespace
}  // namespace signaller::net
