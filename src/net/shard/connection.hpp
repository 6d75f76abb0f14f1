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
  Proxy,      ///< reads the PROXY header
  Securing,   ///< does the TLS handshake
  Request,    ///< reads an HTTP request, or waits for one on a kept connection
  Answering,  ///< waits for the HTTP answer of the protocol
  Deciding,   ///< waits for the protocol's decision about a WebSocket handshake
  Replying,   ///< writes the HTTP answer; then reads the next request
  Open,       ///< exchanges WebSocket messages
  Closing,    ///< has sent a close frame, and waits for the client's
  Finishing,  ///< writes the remaining bytes, shuts the sending side, then reads until EOF
};

/// The address of a client, if it is known.
struct ClientAddress {
  port::AddressRange range;
  std::uint16_t port = 0;  ///< 0: unknown
  /// Whether this is a trusted proxy, which may still name the client that it speaks for.
  bool is_proxy = false;
};

/// The state of HTTP requests. Freed when a WebSocket connection opens.
struct Arrival {
  /// @param all  bytes held by all arrivals of the shard; must outlive this object
  explicit Arrival(std::size_t& all) : total(all) {}
  ~Arrival() { take(0); }
  Arrival(const Arrival&) = delete;
  Arrival& operator=(const Arrival&) = delete;
  /// Sets the number of bytes that this arrival holds, and corrects the total. Only
  /// Shard::count_request calls it.
  void take(std::size_t size) {
    total += size - bytes;
    bytes = size;
  }
  std::optional<RequestReader> reader;  ///< nothing before the first byte of a request
  std::size_t& total;
  std::size_t bytes = 0;
  std::size_t base = 0;  ///< memory in addition to the bytes of the request
  std::size_t lent = 0;  ///< bytes of the request while the protocol answers it
  /// The deadline of the request; while the connection is idle, the time when it will be closed.
  /// Entries in the deadline lists with another time are stale.
  std::chrono::steady_clock::time_point due;
  ClientAddress peer;    ///< the address of the socket, or the one that the PROXY header names
  ClientAddress client;  ///< the client of the request, which X-Forwarded-For may name
  bool through_proxy = false;  ///< whether the socket's peer is a trusted proxy
  bool nameless = false;       ///< the PROXY header names no client, so X-Forwarded-For is ignored
  std::string proxy_header;    ///< the part of the PROXY header that was received so far
  ConnectionRefusal refusal;   ///< if set, the client gets this refusal instead of service
  std::uint32_t number = 0;    ///< the number of the request on its connection, from 1
  bool head_only = false;
  bool kept = false;      ///< an earlier request of the connection has been answered
  std::string parameter;  ///< parameter of the path
};

/// An accepted socket and the address of its peer.
struct AcceptedSocket {
  int descriptor = -1;
  port::AddressRange peer;     ///< address of the socket's peer: the client, or a proxy
  std::uint16_t port = 0;      ///< port of `peer`
  bool trusted_proxy = false;  ///< whether `peer` is a trusted proxy, which has no connection slot
  const Routes* routes = nullptr;
  AdmissionResult admission;
};

/// The end of a connection, postponed until earlier messages are answered.
struct Ending {
  bool by_client = false;
  std::uint16_t code = 0;  ///< code of the server's close frame
  std::string text;        ///< the server's reason, or the payload of the client's close frame
};

/// A connection, owned by its shard. The fan-out uses only its base, the Subscriber.
struct Connection : Subscriber {
  explicit Connection(asio::ip::tcp::socket given) : socket(std::move(given)) {}

  asio::ip::tcp::socket socket;
  std::uint32_t generation = 0;
  Stage stage = Stage::Request;
  bool reading = false;       ///< waits for bytes to read
  bool writing = false;       ///< waits until the socket accepts bytes
  bool announced = false;     ///< the protocol knows the connection and must get an on_close
  bool ended = false;         ///< the client has shut its sending side
  bool shut = false;          ///< the server has shut its sending side
  bool shut_due = false;      ///< the sending side must be shut once a TLS record has been written
  bool restricted = true;     ///< no FrameLimit has come yet: messages are handled one at a time
  bool awaiting = false;      ///< waits for BarrierReached from the core on another thread
  bool held = false;          ///< a Hold is in force: the protocol waits for an answer
  bool takes_binary = false;  ///< the endpoint takes binary messages
  bool paused = false;        ///< not read until the next beat, because of net.read_rate
  bool timed = false;         ///< the unfinished message has a deadline
  std::uint32_t heard = 0;    ///< beat of the client's last sign of life
  std::uint32_t pinged = 0;   ///< beat of the last ping
  std::uint32_t began = 0;    ///< beat in which the unfinished message began
  std::uint32_t read_in = 0;  ///< beat in which `read_bytes` were read
  std::uint32_t read_bytes = 0;
  std::uint32_t unfinished = 0;   ///< bytes of memory that the unfinished message holds
  std::uint32_t unconfirmed = 0;  ///< bytes sent to the core and not confirmed yet
  std::uint8_t protocol = 0;
  const Routes* routes = nullptr;
  const Route* route = nullptr;     ///< route of the request; null: none was read, or none found
  ConnectionSlot connection_slot;   ///< the connection's place in the counts of Admission
  std::unique_ptr<TlsSession> tls;  ///< created at the first byte; null: no TLS
  std::unique_ptr<Arrival> arrival;
  std::unique_ptr<FrameReader> frames;
  std::unique_ptr<std::string> unread;  ///< bytes received while the connection waits
  std::unique_ptr<Ending> ending;       ///< if set, nothing more is read

  /// Whether further messages must wait: until a long reply is written, until the core answers,
  /// until a Release, or until the next beat.
  [[nodiscard]] bool waits() const { return tell_drained || awaiting || held || paused; }
};

}  // namespace signaller::net
