// An exception of one protocol does not affect the other protocols, and leaves no client waiting.
#include <algorithm>
#include <chrono>
#include <functional>
#include <stdexcept>

#include "tests/seam/fixture.hpp"

namespace signaller::seam {
namespace {

using testing::Contains;
using testing::IsEmpty;

/// Throws in the calls that `throwing` names. Otherwise it answers every message with `ok`.
class ThrowingProtocol final : public port::Protocol {
 public:
  [[nodiscard]] std::vector<port::Endpoint> endpoints() const override {
    port::Endpoint endpoint{"throwing", "/throwing", "", true};
    endpoint.decides_upgrade = true;
    return {endpoint};
  }
  [[nodiscard]] std::size_t first_frame_limit() const override { return 1'000; }
  port::Effects on_upgrade(const port::UpgradeRequest& request, port::Instant) override {
    fail("upgrade");
    return port::Effect(port::AcceptUpgrade{request.connection, {}});
  }
  port::Effects on_open(const port::Opened&, port::Instant) override {
    fail("open");
    return {};
  }
  port::Effects on_text(port::ConnectionId from, std::string_view text,
                        port::Instant now) override {
    fail("text");
    port::Effects effects;
    if (text == "form") {
      effects.add(port::Subscribe{from, port::TopicId{1}, port::FormCount});
    } else if (text == "save") {
      effects.add(port::Persist{{port::PeerGone{"x"}}, 5});
    } else if (text == "tick") {
      effects.add(port::Wake{now.steady_ms + 1});
    } else if (text == "hold") {
      effects.add(port::Hold{from});
    }
    effects.add(port::Send{from, "ok"});
    return effects;
  }
  port::Effects on_tick(port::Instant) override {
    ++ticks;
    fail("tick");
    return {};
  }
  port::Effects on_gone(port::ConnectionId, port::Instant) override {
    fail("gone");
    return {};
  }
  port::Effects on_close(const port::Closed&, port::Instant) override {
    ++closed;
    fail("close");
    return {};
  }
  port::Effects on_http(const port::HttpRequest&, port::Instant) override {
    fail("http");
    return {};
  }
  port::Effects on_turn_end(port::Instant) override {
    fail("turn end");
    return {};
  }
  port::Effects on_store(const port::StoreEvent&, port::Instant) override {
    fail("store");
    return {};
  }
  port::Effects on_stored(const port::Stored& answer, port::Instant) override {
    stored.push_back(answer.ok);
    return {};
  }
  port::Effects on_shutdown(port::Instant) override {
    fail("shutdown");
    return {};
  }

  std::vector<std::string> throwing;
  std::vector<bool> stored;
  int ticks = 0;
  int closed = 0;

 private:
  void fail(const std::string& call) const {
    if (std::find(throwing.begin(), throwing.end(), call) == throwing.end()) return;
    throw std::runtime_error("thrown in " + call);
  }
};

/// A store that throws in `save` while `broken`.
class BrokenStore final : public port::Store {
 public:
  void load(const OnRestored& done) override { done({}); }
  void save(std::vector<port::Record>, std::uint64_t token, const OnStored& done) override {
    if (broken) throw std::runtime_error("thrown in save");
    done({token, true});
  }
  void close(const OnClosed& done) override { done(); }
  [[nodiscard]] port::StoreStatus status() const override { return {}; }

  bool broken = false;
};

class ExceptionTest : public SeamTest, public testing::WithParamInterface<bool> {
 protected:
  void start_throwing(const std::vector<std::string>& calls) {
    throwing_.throwing = calls;
    more_ = {&throwing_};
    server_options_.shards = GetParam() ? 2 : 1;
    server_options_.core_thread = GetParam();
    start(&store_);
    run_server();
  }
  /// Slash and the second protocol serve their clients.
  void expect_others_served() {
    const auto member_here = member("ann");
    EXPECT_THAT(heard_of_slash(*member_here), IsEmpty());
    const auto one = subscriber("/second");
    const auto two = subscriber("/second");
    two->say("pub hello");
    one->hear_until("hello");
    EXPECT_THAT(heard(*one), IsEmpty());
  }
  /// The response to a GET request.
  [[nodiscard]] std::string request(const std::string& path, const std::string& fields) const {
    asio::io_context context;
    asio::ip::tcp::socket socket(context);
    socket.connect({asio::ip::make_address("127.0.0.1"), port_});
    asio::write(socket, asio::buffer("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n"));
    std::string all;
    std::error_code end;
    asio::read(socket, asio::dynamic_buffer(all), end);
    return all;
  }
  void wait_until(const std::function<bool()>& is_so) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!on_core(is_so)) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  }

  ThrowingProtocol throwing_;
  BrokenStore store_;
};
INSTANTIATE_TEST_SUITE_P(, ExceptionTest, testing::Bool(), [](const auto& shape) {
  return shape.param ? "core_thread" : "one_thread";
});

TEST_P(ExceptionTest, TheEndOfATurnIsGuardedForEachProtocol) {
  start_throwing({"turn end", "store", "shutdown"});
  expect_others_served();
  EXPECT_THAT(errors(), Contains("thrown in turn end"));
}

TEST_P(ExceptionTest, AThrowingTickDoesNotStopLaterTicks) {
  start_throwing({"tick"});
  const auto client = connect("/throwing");
  for (int i = 1; i <= 3; ++i) {
    client->say("tick");
    EXPECT_EQ(client->hear().payload, "ok");
    wait_until([&] { return throwing_.ticks == i; });
  }
  expect_others_served();
}

TEST_P(ExceptionTest, AMessageThatThrowsLeavesItsConnectionOpen) {
  start_throwing({});
  const auto client = connect("/throwing");
  on_core([&] { throwing_.throwing = {"text"}; });
  for (int i = 0; i < 200; ++i) client->say("a message");  // more than the shard reads ahead
  wait_until([&] { return errors().size() == 200; });
  on_core([&] { throwing_.throwing = {}; });
  client->say("again");
  EXPECT_EQ(client->hear().payload, "ok");
}

TEST_P(ExceptionTest, AnOpeningThatThrowsClosesTheConnectionWith1011) {
  start_throwing({"open"});
  const auto client = connect("/throwing");
  const Heard last = client->hear();
  EXPECT_EQ(last.opcode, 8U);
  EXPECT_EQ(last.payload, "\x03\xf3internal error");
  expect_others_served();
}

TEST_P(ExceptionTest, ARequestThatThrowsIsAnsweredWith500) {
  start_throwing({"http", "upgrade"});
  EXPECT_THAT(request("/throwing", "Connection: close\r\n"), testing::StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(request("/throwing",
                      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"),
              testing::StartsWith("HTTP/1.1 500 "));
  expect_others_served();
}

TEST_P(ExceptionTest, AnEndThatThrowsIsStillReported) {
  start_throwing({"gone", "close"});
  connect("/throwing").reset();
  wait_until([&] { return throwing_.closed == 1; });
  expect_others_served();
}

TEST_P(ExceptionTest, AnEffectThatThrowsTakesNoOtherEffectWithIt) {
  start_throwing({});
  const auto client = connect("/throwing");
  client->say("form");  // a Subscribe with a form that does not exist, and then a Send
  EXPECT_EQ(client->hear().payload, "ok");
  EXPECT_EQ(errors().size(), 1U);
}

TEST_P(ExceptionTest, ABatchThatTheStoreThrowsAtIsRefusedAndTheNextIsTaken) {
  start_throwing({});
  const auto client = connect("/throwing");
  on_core([&] { store_.broken = true; });
  client->say("save");
  EXPECT_EQ(client->hear().payload, "ok");
  wait_until([&] { return throwing_.stored == std::vector<bool>{false}; });
  on_core([&] { store_.broken = false; });
  client->say("save");
  wait_until([&] { return throwing_.stored == std::vector<bool>{false, true}; });
}

}  // namespace
}  // namespace signaller::seam
