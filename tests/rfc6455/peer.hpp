// A client of raw bytes over a socket, plain or with TLS, and what it hears.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace signaller::net {

/// Blocking; one thread. A server that is silent for ten seconds is heard as `silence`.
class Peer {
 public:
  /// @param receive_bytes  of the kernel's buffer; 0: as it is by default
  Peer(std::uint16_t port, bool secure, int receive_bytes = 0);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// Errors do not count: the server may have gone, and has then said so.
  void put(const std::string& bytes);
  /// Each byte in a packet, and a TLS record, of its own.
  void put_bytewise(const std::string& bytes);
  /// Writes as long as the server takes it; how many bytes went. (Not over TLS.)
  std::size_t press(const std::string& bytes);
  /// Sends no more.
  void shut();

  /// The head of an HTTP answer, up to its empty line.
  std::string head();
  /// The next frame in a word: `text hello`, `pong`, `close 1002`; `eof` at the end. What a
  /// server must not send (masked, fragmented, with reserved bits, a longer form of a length than
  /// needed) begins with `breach`.
  std::string hear();
  /// So many bytes, as they come.
  std::string take(std::size_t size);
  /// What the last close frame had beside its code.
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  bool fill();

  int descriptor_ = -1;
  ssl_ctx_st* context_ = nullptr;
  ssl_st* session_ = nullptr;
  std::string come_;  ///< and not looked at yet
  bool silent_ = false;
  std::string reason_;
};

}  // namespace signaller::net
