// Thousands of WebSocket clients on one thread. The pool owns sockets and buffers; a Sink handles
// the bytes that arrive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "target.hpp"
#include "tls_client.hpp"

namespace signaller::bench {

enum class Headers : std::uint8_t { Plain, Browser };

struct Peer {
  enum class State : std::uint8_t { Connecting, Handshaking, Registering, Joined, Gone };

  int fd = -1;
  std::unique_ptr<TlsClient> tls;  ///< null: no TLS
  State state = State::Connecting;
  std::uint32_t index = 0;
  std::string id;      ///< the peer's id, from numeric 001
  std::string tail;    ///< an incomplete frame
  std::string unsent;  ///< bytes that the socket has not accepted yet
};

/// Virtual, because a pool has one sink for the registration and another one for the measurement.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  /// Handles input that begins with a frame or the handshake. Returns the number of bytes used; the
  /// rest is passed again with further input.
  virtual std::size_t on_bytes(Peer& peer, std::string_view bytes) = 0;
};

class ClientPool {
 public:
  ClientPool(Target target, Headers headers);
  ClientPool(const ClientPool&) = delete;
  ClientPool& operator=(const ClientPool&) = delete;
  ~ClientPool();

  /// Starts one more connection. Returns false on failure; failure() has the reason.
  bool open();
  /// Writes as much as the socket accepts, and the rest when it is writable.
  void send(Peer& peer, std::string_view bytes);
  /// Waits for events up to `timeout_ms` (-1: without limit) and handles them; returns their
  /// number.
  std::size_t round(int timeout_ms, Sink& sink);
  void close(Peer& peer);
  /// Closes a peer after a close by the server or a protocol error.
  void fail(Peer& peer, std::string_view why);

  [[nodiscard]] std::size_t size() const { return peers_.size(); }
  Peer& operator[](std::size_t index) { return peers_[index]; }

  /// The number of peers that the server or the network has closed.
  [[nodiscard]] std::size_t lost() const { return lost_; }
  /// The first error; empty: none.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  [[nodiscard]] std::uint64_t reads() const { return reads_; }

 private:
  void handle(Peer& peer, std::uint32_t events, Sink& sink);
  void read(Peer& peer, Sink& sink, bool to_end);
  static ssize_t write_some(Peer& peer, std::string_view bytes);
  static ssize_t read_some(Peer& peer, char* bytes, std::size_t size);
  void flush(Peer& peer);

  Target target_;
  std::unique_ptr<TlsContext> context_;
  std::string request_;
  int epoll_ = -1;
  std::deque<Peer> peers_;  // a deque, so that references to peers stay valid
  std::unique_ptr<char[]> buffer_;
  std::string failure_;
  std::size_t lost_ = 0;
  std::uint64_t reads_ = 0;
};

/// Handles a control frame: answers a ping, and counts a close as a lost peer.
void on_control(ClientPool& pool, Peer& peer, std::string_view frame);

}  // namespace signaller::bench
