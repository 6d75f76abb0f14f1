#include "commands/landing_page.hpp"

#include <gtest/gtest.h>

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
