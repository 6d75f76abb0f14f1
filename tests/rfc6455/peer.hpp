// A client that sends raw bytes over a socket, plain or with TLS, and reads the answers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace signaller::net {

/// The client blocks; it is for one thread. hear() returns `silence` if the server sends nothing
/// for ten seconds.
class Peer {
 public:
  /// @param receive_bytes  size of the kernel's receive buffer; 0: the default
  Peer(std::uint16_t port, bool secure, int receive_bytes = 0);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// Sends the bytes. Ignores errors: the server may have closed the connection already.
  void put(const std::string& bytes);
  /// Sends each byte in its own packet and its own TLS record.
  void put_bytewise(const std::string& bytes);
  /// Writes until the socket accepts no more. Returns the number of bytes written. Not over TLS.
  std::size_t press(const std::string& bytes);
  /// Ends the sending direction.
  void shut();

  /// Reads the head of an HTTP answer, up to its empty line.
  std::string head();
  /// Reads the next frame and returns it as text: `text hello`, `pong`, `close 1002`; `eof` at the
  /// end. The text begins with `breach` for frames that a server must not send: masked, fragmented,
  /// with reserved bits, or with a length that is not in its shortest form.
  std::string hear();
  /// Reads `size` raw bytes.
  std::string take(std::size_t size);
  /// The reason of the last close frame.
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  bool fill();

  int descriptor_ = -1;
  ssl_ctx_st* context_ = nullptr;
  ssl_st* session_ = nullptr;
  std::string come_;  ///< received bytes that hear() has not returned yet
  bool silent_ = false;
  std::string reason_;
};

}  // namespace signaller::net
