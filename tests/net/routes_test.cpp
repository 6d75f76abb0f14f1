// The route that serves each path.
#include "net/http/routes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signaller::net {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// Returns `path of the route [parameter as sent]`, or `none`.
std::string find(const Routes& routes, std::string_view path) {
  const RouteMatch match = routes.find(path);
  if (match.route == nullptr) return "none";
  return match.route->path + " [" + std::string(match.parameter) + "]";
}

TEST(PathPattern, OnlyTheLastSegmentIsAParameter) {
  using Kind = PathPattern::Kind;
  EXPECT_EQ(PathPattern::parse("/a")->kind, Kind::Exact);
  EXPECT_EQ(PathPattern::parse("/a/{b}")->kind, Kind::Segment);
  EXPECT_EQ(PathPattern::parse("/a/{b}")->prefix, "/a/");
  EXPECT_EQ(PathPattern::parse("/{b-c_1...}")->kind, Kind::Rest);
  EXPECT_EQ(PathPattern::parse("/{b-c_1...}")->name, "b-c_1");
  for (const char* bad : {"", "a", "{a}", "/{}", "/{...}", "/a{b}", "/{a}/b", "/{a", "/a}", "/}{",
                          "/{a}{b}", "/{a b}", "/{{a}}", "/{a}}"}) {
    EXPECT_FALSE(PathPattern::parse(bad)) << bad;
  }
}

TEST(Routes, TheLongestMatchWins) {
  Routes routes;
  const port::Endpoint plain{"x", "/x", ""};
  for (const char* path : {"/{all...}", "/a/{one}", "/a/{all...}", "/a/b/{one}", "/a/b"}) {
    routes.add(path, 0, plain, 0);
  }
  EXPECT_EQ(find(routes, "/a/b"), "/a/b []");
  EXPECT_EQ(find(routes, "/a/c"), "/a/{one} [c]");
  EXPECT_EQ(find(routes, "/a/c/d"), "/a/{all...} [c/d]");
  EXPECT_EQ(find(routes, "/a/b/c"), "/a/b/{one} [c]");
  EXPECT_EQ(find(routes, "/a/b/c/d"), "/a/{all...} [b/c/d]");
  EXPECT_EQ(find(routes, "/a"), "/{all...} [a]");
  EXPECT_EQ(find(routes, "/"), "/{all...} []");
  EXPECT_EQ(find(routes, "/livez"), "none") << "the edge answers it";
  EXPECT_EQ(find(routes, "/readyz"), "/{all...} [readyz]");
}

TEST(Routes, AMappingNeedsTheEndpointsParameter) {
  Routes routes;
  const port::Endpoint named{"x", "/x/{name}", ""};
  EXPECT_THAT([&] { routes.add("/y", 0, named, 0); },
              ThrowsMessage<std::runtime_error>(HasSubstr("path /y: 'x' needs a parameter")));
  EXPECT_THAT(
      [&] { routes.add("/y{name}", 0, named, 0); },
      ThrowsMessage<std::runtime_error>(HasSubstr("path /y{name}: a path has the form /a/path")));
  EXPECT_EQ(mounted_path("/y/{name}", named, false), "/y/{name}");
  EXPECT_EQ(mounted_path("/y", named, true), "/y/x/{name}");
  EXPECT_EQ(mounted_path("/y/", named, true), "/y/x/{name}");
  EXPECT_EQ(mounted_path("/", named, true), "/x/{name}");
}

TEST(Routes, MethodsMatchAnAllowHeader) {
  EXPECT_TRUE(allows_method("GET, POST", "POST"));
  EXPECT_TRUE(allows_method("GET,POST", "HEAD"));
  EXPECT_FALSE(allows_method("POST", "HEAD"));
  EXPECT_FALSE(allows_method("GET, POST", "GE"));
  EXPECT_FALSE(allows_method("GET, POST", "get"));
  EXPECT_FALSE(allows_method("", "GET"));
  port::Endpoint endpoint{"x", "/x", "", true};
  EXPECT_EQ(allow_of(endpoint), "GET, HEAD, OPTIONS");
  endpoint.methods = "POST";
  EXPECT_EQ(allow_of(endpoint), "POST, OPTIONS");
  endpoint.http = false;
  EXPECT_EQ(allow_of(endpoint), "GET, HEAD");
}

}  // namespace
}  // namespace signaller::net
