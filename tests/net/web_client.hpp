// A blocking HTTP client that keeps its connection, plain or over TLS.
#pragma once

#include <gtest/gtest.h>

#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/ssl.hpp>
#include <asio/write.hpp>
#include <cstdint>
#include <memory>
#include <string>

namespace signaller::net {

struct WebResponse {
  int status = 0;  ///< 0: the connection ended without a response
  std::string head;
  std::string body;

  bool has(const std::string& text) const { return head.find(text) != std::string::npos; }
};

class WebClient {
 public:
  WebClient(std::uint16_t port, bool secure) : socket_(context_, tls_), secure_(secure) {
    socket_.next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
    if (secure_) socket_.handshake(asio::ssl::stream_base::client);
  }
  void write(const std::string& bytes) {
    if (secure_) {
      asio::write(socket_, asio::buffer(bytes));
    } else {
      asio::write(socket_.next_layer(), asio::buffer(bytes));
    }
  }
  /// @param headers  header lines, each with its CRLF
  void send(const std::string& method, const std::string& target, const std::string& headers = {},
            const std::string& body = {}) {
    const std::string length =
        body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
    write(method + " " + target + " HTTP/1.1\r\nHost: h\r\n" + headers + length + "\r\n" + body);
  }
  WebResponse receive(bool head_only = false) {
    WebResponse response;
    std::string line;
    while (line.find("\r\n\r\n") == std::string::npos) {
      const std::string more = read(1);
      if (more.empty()) return {};
      line += more;
    }
    response.head = line;
    response.status = std::stoi(line.substr(9, 3));
    const std::size_t at = line.find("Content-Length: ");
    if (at != std::string::npos && !head_only)
      response.body = read(std::stoul(line.substr(at + 16)));
    return response;
  }
  WebResponse ask(const std::string& method, const std::string& target,
                  const std::string& headers = {}, const std::string& body = {}) {
    send(method, target, headers, body);
    return receive(method == "HEAD");
  }
  WebResponse upgrade(const std::string& target, const std::string& headers = {}) {
    return ask("GET", target, Handshake + headers);
  }
  /// Reads the next frame and returns its payload; empty at the end.
  std::string hear() {
    const std::string head = read(2);
    return head.empty() ? head : read(static_cast<unsigned char>(head[1]));
  }
  /// Sends a text frame with a mask of zero.
  void say(const std::string& text) {
    write("\x81" + std::string(1, static_cast<char>(0x80U | text.size())) + std::string(4, '\0') +
          text);
  }
  /// As say, for 126 to 65,535 bytes.
  void say_long(const std::string& text) {
    write(std::string("\x81\xfe") + static_cast<char>(text.size() >> 8U) +
          static_cast<char>(text.size() & 0xffU) + std::string(4, '\0') + text);
  }
  /// Returns whether the server closes the connection.
  bool ends() { return read(1).empty(); }
  void close() { socket_.next_layer().close(); }
  std::uint16_t port() { return socket_.next_layer().local_endpoint().port(); }

  inline static const std::string Handshake =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

 private:
  std::string read(std::size_t size) {
    std::string bytes(size, '\0');
    std::error_code error;
    if (secure_) {
      asio::read(socket_, asio::buffer(bytes), error);
    } else {
      asio::read(socket_.next_layer(), asio::buffer(bytes), error);
    }
    return error ? std::string() : bytes;
  }
  asio::io_context context_;
  asio::ssl::context tls_{asio::ssl::context::tls_client};
  asio::ssl::stream<asio::ip::tcp::socket> socket_;
  bool secure_;
};

}  // namespace signaller::net
