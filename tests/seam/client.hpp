// A blocking WebSocket client for any path. It reports the opcode of each frame.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <asio/connect.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <string>
#include <vector>

namespace signaller::seam {

struct Heard {
  unsigned opcode = 0;  ///< 0: the connection has ended, or nothing arrived in time
  std::string payload;
};

class Client {
 public:
  Client(std::uint16_t port, const std::string& path) : socket_(context_) {
    socket_.connect({asio::ip::make_address("127.0.0.1"), port});
    const timeval patience{20, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    write("GET " + path +
          " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) {
      const std::string more = read(1);
      if (more.empty()) break;
      head += more;
    }
    EXPECT_EQ(head.rfind("HTTP/1.1 101", 0), 0U) << head;
  }

  void say(const std::string& text) {
    std::string out(1, '\x81');
    out += static_cast<char>(0x80U | text.size());
    ASSERT_LT(text.size(), 126U);
    write(out + std::string(4, '\0') + text);  // masked with a key of zeros
  }
  Heard hear() {
    const std::string head = read(2);
    if (head.empty()) return {};
    std::size_t size = static_cast<unsigned char>(head[1]);
    const std::size_t bytes = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (bytes != 0) size = 0;
    for (const char c : read(bytes)) size = size * 256 + static_cast<unsigned char>(c);
    return {static_cast<unsigned>(head[0]) & 0x0fU, read(size)};
  }
  /// Reads messages up to the first message that contains `end`, and returns the payloads of all of
  /// them.
  std::vector<std::string> hear_until(const std::string& end) {
    std::vector<std::string> all;
    for (;;) {
      const Heard one = hear();
      if (one.opcode == 0 || one.opcode == 8) {
        std::string heard;
        for (const std::string& line : all) heard += "\n" + line;
        ADD_FAILURE() << "no " << end << " came, but an end: " << one.payload << heard;
        return all;
      }
      all.push_back(one.payload);
      if (one.payload.find(end) != std::string::npos) return all;
    }
  }

 private:
  void write(const std::string& bytes) { asio::write(socket_, asio::buffer(bytes)); }
  /// Reads `size` bytes. Returns an empty text at the end, and after 20 s without a byte.
  std::string read(std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size) {  // recv(2), because Asio ignores SO_RCVTIMEO
      const ssize_t part = ::recv(socket_.native_handle(), &bytes[got], size - got, 0);
      if (part <= 0) return {};
      got += static_cast<std::size_t>(part);
    }
    return bytes;
  }

  asio::io_context context_;
  asio::ip::tcp::socket socket_;
};

}  // namespace signaller::seam
