// The server that the store connects to is not a Redis, or sends incomplete replies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>

#include "tests/persist/records.hpp"
#include "tests/persist/redis_driver.hpp"

using namespace signaller;
using namespace signaller::tests;
using namespace std::chrono_literals;
using testing::AnyOf;
using testing::HasSubstr;

namespace {

using asio::ip::tcp;

/// A server on the caller's loop. It answers the first bytes of each connection with a fixed text,
/// and then stays silent or closes.
class FakeRedis {
 public:
  FakeRedis(asio::io_context& loop, std::string answer, bool closes)
      : acceptor_(loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        socket_(loop),
        answer_(std::move(answer)),
        closes_(closes) {
    accept();
  }
  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void accept() {
    acceptor_.async_accept([this](const std::error_code& error, tcp::socket socket) {
      if (error) return;
      ++connections_;
      socket_ = std::move(socket);
      answer();
    });
  }
  void answer() {
    socket_.async_read_some(asio::buffer(input_),
                            [this](const std::error_code& error, std::size_t) {
                              std::error_code ignored;
                              if (!error) asio::write(socket_, asio::buffer(answer_), ignored);
                              if (closes_) socket_.close(ignored);
                              accept();
                            });
  }

  tcp::acceptor acceptor_;
  tcp::socket socket_;
  const std::string answer_;
  const bool closes_;
  std::array<char, 4096> input_{};
  int connections_ = 0;
};

/// Returns the last warning about this reply. Checks that the store retries.
std::string last_warning_for(const std::string& answer, bool closes,
                             const std::string& host = "127.0.0.1") {
  auto options = redis_options("redis://" + host);
  options.timeout = 150ms;
  asio::io_context loop;
  FakeRedis fake(loop, answer, closes);
  options.url.port = fake.port();
  RedisDriver driver(options);
  driver.begin_load();
  driver.until([&] {
    loop.restart();
    loop.poll();
    return fake.connections() >= 2 && !driver.warnings.empty();
  });
  EXPECT_FALSE(driver.store->status().ready);
  const auto warnings = driver.warnings;
  driver.close();
  return warnings.empty() ? "" : warnings.back();
}

}  // namespace

TEST(RedisBroken, TimesOutOnHalfAReply) {
  EXPECT_THAT(last_warning_for("$100\r\nabc", false), HasSubstr("has not answered for"));
  EXPECT_THAT(last_warning_for("+OK\r\n*2\r\n$3\r\nabc\r\n", false),
              HasSubstr("has not answered for"));
  EXPECT_THAT(last_warning_for("", false), HasSubstr("has not answered for"));
}

TEST(RedisBroken, ReportsACloseAfterHalfAReply) {
  EXPECT_THAT(last_warning_for("$100\r\nabc", true),
              AnyOf(HasSubstr("closed"), HasSubstr("reset")));
}

TEST(RedisBroken, ReportsAnotherProtocol) {
  EXPECT_THAT(last_warning_for("HTTP/1.1 400 Bad Request\r\n\r\n", false),
              HasSubstr("Protocol error"));
  EXPECT_THAT(last_warning_for("%1\r\n+a\r\n+b\r\n", false), HasSubstr("Protocol error"));
}

TEST(RedisBroken, TimesOutOnUnexpectedReplies) {
  std::string answer;
  for (int i = 0; i < 5; ++i) answer += "*3\r\n:1\r\n*-1\r\n$-1\r\n";
  EXPECT_THAT(last_warning_for(answer, false), HasSubstr("has not answered for"))
      << "arrays where there are none";
}

TEST(RedisBroken, ReportsMaxclients) {
  EXPECT_THAT(last_warning_for("-ERR max number of clients reached\r\n", true),
              HasSubstr("maxclients"));
}

TEST(RedisBroken, ResolvesHostNames) {
  EXPECT_THAT(last_warning_for("", true, "localhost"), HasSubstr("redis://localhost:"));
  auto options = redis_options("redis://no-such-host.invalid");
  RedisDriver driver(options);
  driver.begin_load();
  driver.until([&] { return !driver.warnings.empty(); });
  EXPECT_THAT(driver.warnings[0], HasSubstr("no-such-host.invalid"));
}

TEST(RedisBroken, ReportsARefusedConnection) {
  std::uint16_t port = 0;
  {
    asio::io_context loop;
    port = FakeRedis(loop, "", true).port();
  }
  auto options = redis_options("redis://127.0.0.1");
  options.url.port = port;
  RedisDriver driver(options);
  driver.begin_load();
  driver.until([&] { return !driver.warnings.empty(); });
  EXPECT_THAT(driver.warnings[0], HasSubstr("refused"));
}
