// A server with RoomProtocol, and blocking clients.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <asio/connect.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/net/at_once_store.hpp"
#include "tests/net/room_protocol.hpp"
#include "tests/net/server_thread.hpp"

namespace signaller::net {

/// A blocking client.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(context_) {
    socket_.connect({asio::ip::make_address("127.0.0.1"), port});
  }
  void write(const std::string& bytes) { asio::write(socket_, asio::buffer(bytes)); }
  void upgrade() {
    write(
        "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) head += read(1);
    ASSERT_EQ(head.rfind("HTTP/1.1 101", 0), 0U) << head;
  }
  /// Returns a masked frame. Its key is zero, so the payload bytes do not change.
  static std::string frame(unsigned opcode, const std::string& payload) {
    std::string out(1, static_cast<char>(0x80U | opcode));
    if (payload.size() < 126) {
      out += static_cast<char>(0x80U | payload.size());
    } else {
      out += static_cast<char>(0xfe);
      out += static_cast<char>(payload.size() >> 8U);
      out += static_cast<char>(payload.size() & 0xffU);
    }
    return out + std::string(4, '\0') + payload;
  }
  void say(const std::string& text) { write(frame(1, text)); }
  /// Reads the next frame. Returns its payload; `(code)` for a close frame, `pong …`, or `(eof)`.
  std::string hear() {
    try {
      const std::string head = read(2);
      std::size_t size = static_cast<unsigned char>(head[1]);
      if (size == 126) {
        const std::string more = read(2);
        size = static_cast<std::size_t>(static_cast<unsigned char>(more[0])) * 256 +
               static_cast<unsigned char>(more[1]);
      }
      const std::string payload = size == 0 ? "" : read(size);
      const auto opcode = static_cast<unsigned char>(head[0]) & 0x0fU;
      if (opcode == 10) return "pong " + payload;
      if (opcode != 8) return payload;
      if (payload.size() < 2) return "()";
      return "(" +
             std::to_string(static_cast<unsigned char>(payload[0]) * 256 +
                            static_cast<unsigned char>(payload[1])) +
             ")";
    } catch (const std::system_error&) {
      return "(eof)";
    }
  }
  std::string read_to_end() {
    std::string all;
    std::error_code error;
    asio::read(socket_, asio::dynamic_buffer(all), error);
    return all;
  }
  /// Writes until the socket accepts no more, at most `most` bytes. Returns the number of bytes
  /// written.
  std::size_t press(const std::string& bytes, std::size_t most) {
    constexpr int Patience = 200;  // ms without progress: the server does not read
    std::size_t written = 0;
    pollfd place{socket_.native_handle(), POLLOUT, 0};
    while (written < most && ::poll(&place, 1, Patience) == 1) {
      const ssize_t size = ::send(socket_.native_handle(), bytes.data() + written % bytes.size(),
                                  bytes.size() - written % bytes.size(), MSG_DONTWAIT);
      if (size > 0) written += static_cast<std::size_t>(size);
    }
    return written;
  }
  void shut() { socket_.shutdown(asio::ip::tcp::socket::shutdown_send); }
  void close() { socket_.close(); }

 private:
  std::string read(std::size_t size) {
    std::string bytes(size, '\0');
    asio::read(socket_, asio::buffer(bytes));
    return bytes;
  }
  asio::io_context context_;
  asio::ip::tcp::socket socket_;
};

struct Shape {
  std::size_t shards;
  bool core_thread;
};

class ServerTest : public testing::TestWithParam<Shape>, protected ServerThread {
 protected:
  void SetUp() override {
    ServerOptions options;
    options.shards = GetParam().shards;
    options.core_thread = GetParam().core_thread;
    options.handshake_timeout = std::chrono::milliseconds(300);
    options.close_timeout = std::chrono::milliseconds(500);
    // The blocking clients do not answer pings.
    options.ping_interval = std::chrono::milliseconds(0);
    options.listeners.push_back({"127.0.0.1", 0, {{"/", "room"}, {"/plain", "plain"}}, false});
    options.listeners.push_back({"127.0.0.1", 0, {}, true});
    Services services;
    services.store = &store_;
    services.verify = [](port::Verify question, const std::function<void(port::Verified)>& done) {
      std::thread([question, done] {
        done({question.token, question.password == "right", false});
      }).detach();
    };
    services.reload = [] {
      return port::QueryResult{0, false, {{"limits.line", "error", "too short"}}};
    };
    services.stats = [] { return std::vector<port::Stat>{{"log", "dropped", "3"}}; };
    services.opened = [this](std::size_t, const port::Opened& opened) {
      opened_.push_back(opened.address);
    };
    services.closed = [this](std::size_t, const port::Closed& closed) {
      closed_.push_back(closed.code);
    };
    make_server(options, {&room_}, services);
    run_server();
  }
  void TearDown() override { destroy(); }
  std::unique_ptr<Client> joined() const {
    auto client = std::make_unique<Client>(port_);
    client->upgrade();
    EXPECT_EQ(client->hear(), "hello 127.0.0.1");
    return client;
  }
  std::string get(const std::string& path, const std::string& method = "GET",
                  std::size_t listener = 0) const {
    Client client(port_of(listener));
    client.write(method + " " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    return client.read_to_end();
  }

  std::vector<std::string> opened_;
  std::vector<std::uint16_t> closed_;
  AtOnceStore store_;
  RoomProtocol room_;
};

inline const auto Shapes =
    testing::Values(Shape{1, false}, Shape{3, false}, Shape{1, true}, Shape{2, true});
inline std::string name_of(const testing::TestParamInfo<Shape>& shape) {
  return std::to_string(shape.param.shards) + "shards" +
         (shape.param.core_thread ? "_core_thread" : "");
}

}  // namespace signaller::net
