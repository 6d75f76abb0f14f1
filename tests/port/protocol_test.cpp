// The defaults of a protocol's calls: a protocol overrides only those that it needs.
#include "port/protocol.hpp"

#include <gtest/gtest.h>

namespace signaller::port {
namespace {

/// The smallest protocol: it overrides endpoints() alone.
class Silent final : public Protocol {
 public:
  [[nodiscard]] std::vector<Endpoint> endpoints() const override { return {}; }
};

TEST(Protocol, DefaultsDoNothing) {
  Silent silent;
  const ConnectionId who{0, 0, 0, 1};
  Snapshot snapshot;
  std::vector<std::string> problems;
  EXPECT_EQ(silent.first_frame_limit(), 0U);
  EXPECT_TRUE(silent.on_open({}, {}).empty());
  EXPECT_TRUE(silent.on_text(who, "text", {}).empty());
  EXPECT_TRUE(silent.on_binary(who, "bytes", {}).empty());
  EXPECT_TRUE(silent.on_gone(who, {}).empty());
  EXPECT_TRUE(silent.on_close({}, {}).empty());
  EXPECT_TRUE(silent.on_tick({}).empty());
  EXPECT_TRUE(silent.on_drain(who, {}).empty());
  EXPECT_TRUE(silent.on_restored(snapshot, problems, {}).empty());
  EXPECT_TRUE(silent.on_stored({}, {}).empty());
  EXPECT_TRUE(silent.on_verified({}, {}).empty());
  EXPECT_TRUE(silent.on_query_result({}, {}).empty());
  EXPECT_TRUE(silent.on_turn_end({}).empty());
  EXPECT_TRUE(silent.on_shutdown({}).empty());
  EXPECT_TRUE(silent.has_begun());
  EXPECT_TRUE(silent.is_saved());
}

TEST(Protocol, AnHttpRequestIsAnsweredByDefaultToo) {
  Silent silent;
  HttpRequest request;
  request.connection = {0, 0, 7, 1};
  request.number = 3;
  const Effects effects = silent.on_http(request, {});
  ASSERT_EQ(effects.size(), 1U);
  const auto& respond = std::get<Respond>(*effects.begin());
  EXPECT_EQ(respond.to.connection, request.connection);
  EXPECT_EQ(respond.to.number, 3U);
  EXPECT_EQ(respond.status, 501);
}

}  // namespace
}  // namespace signaller::port
