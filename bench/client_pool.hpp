// Thousands of WebSocket clients on one thread. The pool owns sockets and bytes; what the bytes
// mean is for the Sink that is passed to each round.
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
  std::unique_ptr<TlsClient> tls;  ///< null: plain
  State state = State::Connecting;
  std::uint32_t index = 0;
  std::string id;      ///< as 001 told it
  std::string tail;    ///< of a frame that a read has cut
  std::string unsent;  ///< what the socket did not take
};

/// Virtual because a pool first registers its peers, then measures with them.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  /// What has come in, beginning at a frame's (or the handshake's) first byte. Returns how many
  /// bytes of it were used; the rest comes again with what follows.
  virtual std::size_t on_bytes(Peer& peer, std::string_view bytes) = 0;
};

class ClientPool {
 public:
  ClientPool(Target target, Headers headers);
  ClientPool(const ClientPool&) = delete;
  ClientPool& operator=(const ClientPool&) = delete;
  ~ClientPool();

  /// Begins to connect one more. False: failure() says why.
  bool open();
  /// Writes at once what the socket takes, and the rest when it takes more.
  void send(Peer& peer, std::string_view bytes);
  /// Waits for events and handles them; returns how many there were. -1 waits for ever.
  std::size_t round(int timeout_ms, Sink& sink);
  void close(Peer& peer);
  /// The server has said goodbye, or something no client expects.
  void fail(Peer& peer, std::string_view why);

  [[nodiscard]] std::size_t size() const { return peers_.size(); }
  Peer& operator[](std::size_t index) { return peers_[index]; }

  /// How many the server (or the network) has ended.
  [[nodiscard]] std::size_t lost() const { return lost_; }
  /// The first thing that went wrong; empty: nothing has.
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
  std::deque<Peer> peers_;  // a deque: peers stay where they are
  std::unique_ptr<char[]> buffer_;
  std::string failure_;
  std::size_t lost_ = 0;
  std::uint64_t reads_ = 0;
};

/// A control frame in the midst of a session: answers a ping, takes a close as a loss.
void on_control(ClientPool& pool, Peer& peer, std::string_view frame);

}  // namespace signaller::bench
