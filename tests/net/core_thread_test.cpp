// The core thread without shards: connections whose hold ends without a Release.
#include "net/core/core_thread.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace signaller::net {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Holds the connection of each request and handshake, and notes the calls that it gets.
class Holder final : public port::Protocol {
 public:
  [[nodiscard]] std::vector<port::Endpoint> endpoints() const override { return {}; }
  port::Effects on_http(const port::HttpRequest& request, port::Instant) override {
    calls.emplace_back("http");
    return port::Effect(port::Hold{request.connection});
  }
  port::Effects on_upgrade(const port::UpgradeRequest& request, port::Instant) override {
    calls.emplace_back("upgrade");
    return port::Effect(port::Hold{request.connection});
  }
  port::Effects on_text(port::ConnectionId from, std::string_view text, port::Instant) override {
    calls.emplace_back(text);
    if (text == "hold") return port::Effect(port::Hold{from});
    return {};
  }
  port::Effects on_close(const port::Closed& closed, port::Instant) override {
    calls.push_back("close " + std::to_string(closed.code));
    return {};
  }

  std::vector<std::string> calls;
};

class HeldWithoutRelease : public testing::Test {
 protected:
  HeldWithoutRelease() {
    core_.apply_local = [this](port::Effect& effect) { effects_.push_back(std::move(effect)); };
    core_.set_shards(1);
  }
  template <class Value>
  void take(Value value) {
    Input input;
    input.value = std::move(value);
    core_.take(std::move(input));
  }
  template <class Request>
  static std::unique_ptr<Request> request() {
    auto asked = std::make_unique<Request>();
    asked->connection = Who;
    asked->number = 1;
    return asked;
  }

  static constexpr port::ConnectionId Who{0, 0, 3, 1};
  Loop loop_;
  Holder holder_;
  CoreThread core_{loop_, {&holder_}, {}, 0};
  std::vector<port::Effect> effects_;
};

TEST_F(HeldWithoutRelease, ARequestThatIsOver) {
  take(request<port::HttpRequest>());
  take(UnheldInput{Who});
  core_.take_message(0, Who, "next", false);
  EXPECT_THAT(holder_.calls, ElementsAre("http", "next"));
}

TEST_F(HeldWithoutRelease, AHandshakeWhoseClientHasGone) {
  take(request<port::UpgradeRequest>());
  take(port::Closed{Who, 1006, false, false});
  EXPECT_THAT(holder_.calls, ElementsAre("upgrade", "close 1006"));
  core_.take_message(0, Who, "next", false);
  EXPECT_EQ(holder_.calls.back(), "next");
}

TEST_F(HeldWithoutRelease, AnOpenConnectionThatHasGoneStillWaitsForItsRelease) {
  core_.take_message(0, Who, "hold", false);
  core_.take_message(0, Who, "last", false);
  take(port::Closed{Who, 1006, false, true});
  take(UnheldInput{Who});
  EXPECT_THAT(holder_.calls, ElementsAre("hold"));
}

TEST_F(HeldWithoutRelease, ARequestAfterTheShutdownIsAnsweredWithoutTheProtocol) {
  core_.shutdown(std::chrono::milliseconds(0), [](bool) {});
  take(request<port::HttpRequest>());
  take(request<port::UpgradeRequest>());
  EXPECT_THAT(holder_.calls, IsEmpty());
  ASSERT_EQ(effects_.size(), 2U);
  for (const port::Effect& effect : effects_) {
    const auto& answer = std::get<port::Respond>(effect);
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.to.connection, Who);
    EXPECT_EQ(answer.to.number, 1U);
    EXPECT_TRUE(answer.headers.has("Retry-After"));
  }
}

}  // namespace
}  // namespace signaller::net
