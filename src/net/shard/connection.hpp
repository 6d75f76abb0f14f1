// One client connection: its socket, its stage and its readers.
#pragma once

#include <asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "net/admission/admission.hpp"
#include "net/fanout/subscriber.hpp"
#include "net/http/codec.hpp"
#include "net/http/routes.hpp"
#include "net/system/tls.hpp"

namespace signaller::net {

enum class Stage : std::uint8_t {
  Proxy,      ///< the PROXY header is being read
  Securing,   ///< the TLS handshake
  Request,    ///< its HTTP request is being read, or awaited on a kept connection
  Answering,  ///< the protocol makes the HTTP answer
  Deciding,   ///< the protocol decides about its WebSocket handshake
  Replying,   ///< the HTTP answer is being written; then the next request is read
  Open,       ///< WebSocket messages
  Closing,    ///< our close frame was sent, the client's is awaited
  Finishing,  ///< writes what is left, shuts the sending side, then reads until EOF
};

/// The address of a client, as far as it is known.
struct ClientAddress {
  port::AddressRange range;
  std::uint16_t port = 0;  ///< 0: not known
  /// It is a trusted proxy, which may yet name the client that it speaks for.
  bool is_proxy = false;
};

/// State of HTTP requests. Freed when a WebSocket connection opens.
struct Arrival {
  /// @param all  bytes held by all arrivals of the shard; must outlive this
  explicit Arrival(std::size_t& all) : total(all) {}
  ~Arrival() { take(0); }
  Arrival(const Arrival&) = delete;
  Arrival& operator=(const Arrival&) = delete;
  /// Sets the number of bytes that this arrival is counted for.
  void take(std::size_t size) {
    total += size - bytes;
    bytes = size;
  }
  std::optional<RequestReader> reader;  ///< nothing while a kept connection is idle
  std::size_t& total;
  std::size_t bytes = 0;
  /// The deadline of the request or, while the connection is idle, the time when it is closed.
  /// Entries of the deadline lists with another time are stale.
  std::chrono::steady_clock::time_point due;
  ClientAddress peer;          ///< of the socket, or named by the PROXY header
  ClientAddress client;        ///< of the request: also named by X-Forwarded-For
  bool through_proxy = false;  ///< a trusted proxy is connected
  bool nameless = false;       ///< the PROXY header names no client: X-Forwarded-For is ignored
  std::string proxy_header;    ///< the part received so far
  ConnectionRefusal refusal;   ///< if set, the client gets this instead of service
  bool head_only = false;
  bool kept = false;  ///< an earlier request has been answered
  const Route* route = nullptr;
  std::string parameter;  ///< of the path
};

/// An accepted socket and its peer.
struct AcceptedSocket {
  int descriptor = -1;
  port::AddressRange peer;     ///< of the socket: the client, or a proxy
  std::uint16_t port = 0;      ///< of `peer`
  bool trusted_proxy = false;  ///< `peer` is one: it has no connection slot
  const Routes* routes = nullptr;
  AdmissionResult admission;
};

/// The end of a connection, which waits for the answers to earlier messages.
struct Ending {
  bool by_client = false;
  std::uint16_t code = 0;  ///< of our close frame
  std::string text;        ///< our reason, or the payload of the client's close frame
};

/// Owned by its shard. The Subscriber comes first: fan-out touches nothing else.
struct Connection : Subscriber {
  explicit Connection(asio::ip::tcp::socket given) : socket(std::move(given)) {}

  asio::ip::tcp::socket socket;
  std::uint32_t generation = 0;
  Stage stage = Stage::Request;
  bool reading = false;       ///< waits for bytes
  bool writing = false;       ///< waits until the socket takes bytes
  bool announced = false;     ///< the protocol is owed an on_close
  bool ended = false;         ///< the client has shut its sending side
  bool shut = false;          ///< we have shut our sending side
  bool shut_due = false;      ///< shut as soon as a TLS record has been written
  bool restricted = true;     ///< the first frame limit holds: one message at a time is handled
  bool awaiting = false;      ///< waits for the core on another thread (BarrierReached)
  bool held = false;          ///< the protocol waits for an answer (Hold)
  bool takes_binary = false;  ///< its endpoint does
  bool paused = false;        ///< not read until the next beat (net.read_rate)
  bool timed = false;         ///< has a deadline for its unfinished message
  std::uint32_t heard = 0;    ///< the beat in which it last gave a sign of life
  std::uint32_t pinged = 0;   ///< the beat of the last ping
  std::uint32_t began = 0;    ///< the beat in which its unfinished message began
  std::uint32_t read_in = 0;  ///< the beat in which read_bytes counts
  std::uint32_t read_bytes = 0;
  std::uint32_t unfinished = 0;   ///< bytes that its unfinished message holds
  std::uint32_t unconfirmed = 0;  ///< bytes sent to the core since it last confirmed
  std::uint8_t protocol = 0;
  const Routes* routes = nullptr;
  ConnectionSlot connection_slot;   ///< its counted place in Admission
  std::unique_ptr<TlsSession> tls;  ///< set by the first byte; null: plain
  std::unique_ptr<Arrival> arrival;
  std::unique_ptr<FrameReader> frames;
  std::unique_ptr<std::string> unread;  ///< received while the connection waits
  std::unique_ptr<Ending> ending;       ///< if set, nothing more is read

  /// Whether further messages must wait: for a long reply to be written, for the core, for a
  /// Release, or for the next beat.
  [[nodiscard]] bool waits() const { return tell_drained || awaiting || held || paused; }
};

}  // namespace signaller::net
