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
      ThrowsMessage<std::runtime_error>(HasSubstr("path /y{name}: must have the form /a/path")));
  EXPECT_THAT([&] { routes.add("/y/{name...}", 0, named, 0); },
              ThrowsMessage<std::runtime_error>(
                  "path /y/{name...}: the parameter of 'x' must be one segment, as in /x/{name}"));
  EXPECT_EQ(find(routes, "/y/a"), "none");
  routes.add("/y/{other}", 0, named, 0);
  EXPECT_EQ(find(routes, "/y/a"), "/y/{other} [a]");
  EXPECT_EQ(mounted_path("/y/{name}", named, false), "/y/{name}");
  EXPECT_EQ(mounted_path("/y", named, true), "/y/x/{name}");
  EXPECT_EQ(mounted_path("/y/", named, true), "/y/x/{name}");
  EXPECT_EQ(mounted_path("/", named, true), "/x/{name}");
}

/// Returns the parameter after decoding, or the error.
std::string decode(std::string_view path, std::string_view raw) {
  std::string problem;
  return decode_parameter(*PathPattern::parse(path), raw, problem).value_or(problem);
}

TEST(Routes, AParameterIsUtf8WithoutControlCharacters) {
  EXPECT_EQ(decode("/{name}", "a%20b"), "a b");
  EXPECT_EQ(decode("/{name}", "%7e%c2%a0%c3%80%df%bf"), "~\u00a0\u00c0\u07ff");
  for (const char* raw :
       {"%00", "a%1f", "%7Fa", "a%c2%80b", "%C2%9f", "\xc2\x85", "%c3%80%c2%9b"}) {
    EXPECT_EQ(decode("/{name}", raw), "the path's {name} contains a control character") << raw;
    EXPECT_EQ(decode("/{all...}", raw), "the path's {all} contains a control character") << raw;
  }
  EXPECT_EQ(decode("/{name}", "%c2"), "the path's {name} is not UTF-8");
  EXPECT_EQ(decode("/{name}", "%80"), "the path's {name} is not UTF-8");
  EXPECT_EQ(decode("/{name}", "%zz"),
            "the path's {name} contains a % without two hexadecimal digits after it");
  EXPECT_EQ(decode("/{name}", "a%2fb"), "the path's {name} contains a slash");
  EXPECT_EQ(decode("/{all...}", "a%2fb"), "a/b");
  EXPECT_EQ(decode("/{name}", std::string(MaxParameter + 1, 'a')),
            "the path's {name} is limited to 1024 bytes");
  EXPECT_EQ(decode("/{name}", ""), "the path's {name} is empty");
  EXPECT_EQ(decode("/{all...}", ""), "");
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
