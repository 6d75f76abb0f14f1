#include "commands/landing_page.hpp"

#include <gtest/gtest.h>

#include "tests/plain_hash.hpp"
#include "tests/seeded.hpp"
#include "tests/slash_access.hpp"

using namespace signaller;
using namespace signaller::commands;

namespace {

std::string page(const std::string& host, bool secure = false, const std::string& path = "/") {
  port::HttpRequest request;
  request.method = "GET";
  request.path = path;
  request.host = host;
  request.secure = secure;
  const auto effects = respond_with_page(Options{}, request);
  const auto& respond = std::get<port::Respond>(*effects.begin());
  EXPECT_EQ(respond.status, 200);
  EXPECT_EQ(respond.content_type,
            SIGNALLER_WEB ? "text/html; charset=utf-8" : "text/plain; charset=utf-8");
  return respond.body;
}

}  // namespace

TEST(Page, ContainsTheLineToPaste) {
  EXPECT_NE(page("127.0.0.1:3012").find("wscat -c ws://127.0.0.1:3012"), std::string::npos);
  EXPECT_NE(page("[::1]:3012").find("wscat -c ws://[::1]:3012"), std::string::npos);
  EXPECT_NE(page("chat.example", true).find("wscat -c wss://chat.example"), std::string::npos);
  EXPECT_EQ(page("chat.example").find("{{"), std::string::npos);
}

TEST(Page, ContainsNoTextOfAnAttacker) {
  for (const auto* host : {"<script>", "a b", "a\"onload=1", "a/b", "a;rm", "$(id)", "", "a\nb"}) {
    EXPECT_EQ(checked_host(host), "localhost") << host;
  }
  EXPECT_EQ(checked_host(std::string(300, 'a')), "localhost");
  EXPECT_EQ(page("a", false, "/<img src=x>").find("<img"), std::string::npos);
}

TEST(Page, CostsTheAddressOneUnit) {
  tests::Seeded random{7};
  const tests::PlainHash hash;
  tests::SlashParts parts{random, hash};
  Options options;
  options.limits.address_rate = 0.4;
  options.limits.address_burst = 2;
  SlashProtocol slash(options, parts.resources, parts.world);
  port::HttpRequest request;
  request.method = "GET";
  request.path = "/";
  request.address = "192.0.2.7";
  const auto ask = [&](std::int64_t now_ms) {
    return std::get<port::Respond>(*slash.on_http(request, {now_ms, now_ms}).begin());
  };
  EXPECT_EQ(ask(0).status, 200);
  EXPECT_EQ(ask(0).status, 200);
  const port::Respond refused = ask(0);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.body, "too many requests from 192.0.2.7: limits.address_rate; wait_ms=2500\n");
  ASSERT_EQ(refused.headers.list().size(), 1U);
  EXPECT_EQ(refused.headers.list()[0].name, "Retry-After");
  EXPECT_EQ(refused.headers.list()[0].value, "3");
  EXPECT_EQ(ask(2'499).status, 429);
  EXPECT_EQ(ask(2'500).status, 200);
  request.address = "192.0.2.8";
  EXPECT_EQ(ask(2'500).status, 200) << "another address";
}
