// A proxy between a store and Redis that changes replies of Redis.
#pragma once

#include <array>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/write.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace signaller::tests {

/// Runs on its own thread and listens on its own port.
class RedisProxy {
 public:
  /// Receives bytes of a reply and may change them. Returns false to close the connection after
  /// these bytes. Called on the proxy's thread.
  using Spoil = std::function<bool(std::string& answer)>;

  explicit RedisProxy(std::string path)
      : path_(std::move(path)), acceptor_(loop_, {asio::ip::address_v4::loopback(), 0}) {
    accept();
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~RedisProxy() {
    loop_.stop();
    thread_.join();
  }
  RedisProxy(const RedisProxy&) = delete;
  RedisProxy& operator=(const RedisProxy&) = delete;

  [[nodiscard]] std::string url() const {
    return "redis://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }
  /// Sets the function that changes the replies from now on; null: the replies stay unchanged.
  void damage(Spoil damage) {
    const std::lock_guard lock(mutex_);
    spoil_ = std::move(damage);
  }

 private:
  struct Pair {
    explicit Pair(asio::io_context& loop) : client(loop), redis(loop) {}
    asio::ip::tcp::socket client;
    asio::local::stream_protocol::socket redis;
    std::array<char, 65'536> asked{};
    std::array<char, 65'536> answered{};
    void end() {
      std::error_code ignored;
      client.close(ignored);
      redis.close(ignored);
    }
  };
  using Held = std::shared_ptr<Pair>;

  void accept() {
    auto pair = std::make_shared<Pair>(loop_);
    acceptor_.async_accept(pair->client, [this, pair](const std::error_code& error) {
      if (error) return;
      std::error_code refused;
      pair->redis.connect(path_, refused);
      if (refused) {
        pair->end();
      } else {
        ask(pair);
        answer(pair);
      }
      accept();
    });
  }
  void ask(const Held& pair) {
    pair->client.async_read_some(
        asio::buffer(pair->asked), [this, pair](std::error_code error, std::size_t size) {
          if (!error) asio::write(pair->redis, asio::buffer(pair->asked, size), error);
          if (error) return pair->end();
          ask(pair);
        });
  }
  void answer(const Held& pair) {
    pair->redis.async_read_some(asio::buffer(pair->answered),
                                [this, pair](std::error_code error, std::size_t size) {
                                  if (error) return pair->end();
                                  std::string text(pair->answered.data(), size);
                                  const bool goes_on = pass(text);
                                  asio::write(pair->client, asio::buffer(text), error);
                                  if (error || !goes_on) return pair->end();
                                  answer(pair);
                                });
  }
  bool pass(std::string& text) {
    const std::lock_guard lock(mutex_);
    return !spoil_ || spoil_(text);
  }

  const std::string path_;
  asio::io_context loop_;
  asio::ip::tcp::acceptor acceptor_;
  std::mutex mutex_;
  Spoil spoil_;
  std::thread thread_;
};

}  // namespace signaller::tests
