// One client: its socket, how far it has come, and what reads its bytes.
#pragma once

#include <asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "net/admission/admission.hpp"
#include "net/fanout/subscriber.hpp"
#include "net/http/codec.hpp"
#include "net/http/http.hpp"
#include "net/system/tls.hpp"

namespace signaller::net {

enum class Stage : std::uint8_t {
  Proxy,      ///< what its proxy says of it
  Securing,   ///< the TLS handshake
  Request,    ///< its HTTP request is being read
  Answering,  ///< the protocol makes the HTTP answer
  Open,       ///< WebSocket messages
  Closing,    ///< our close frame is out, theirs is awaited
  Finishing,  ///< all is said: written out, then the sending side is shut, then until EOF
};

/// What is needed until the handshake is over, and then freed.
struct Arrival {
  /// @param all  what all arrivals of the shard hold, in bytes; outlives it
  Arrival(RequestReader::Limits limits, std::size_t& all) : reader(limits), total(all) {}
  ~Arrival() { take(0); }
  Arrival(const Arrival&) = delete;
  Arrival& operator=(const Arrival&) = delete;
  /// From here on it holds so many bytes.
  void take(std::size_t size) {
    total += size - bytes;
    bytes = size;
  }
  RequestReader reader;
  std::size_t& total;
  std::size_t bytes = 0;
  port::AddressRange client;
  bool through_proxy = false;      ///< a trusted proxy is connected
  bool speaks_for_others = false;  ///< `client` is a trusted proxy, which may name the client yet
  bool nameless = false;           ///< its PROXY header names no client: no request may name one
  std::string proxy_header;        ///< what has come of it
  ConnectionRefusal refusal;       ///< why it may not stay: it is told instead of served
  bool head_only = false;
};

/// A socket that was accepted, and what is known of who it is.
struct AcceptedSocket {
  int descriptor = -1;
  port::AddressRange peer;     ///< who is connected: the client, or a proxy
  bool trusted_proxy = false;  ///< `peer` is one, and has no pass
  const Routes* routes = nullptr;
  AdmissionResult admission;
};

/// How a connection ends once the answers to what was said before have come.
struct Ending {
  bool by_client = false;
  std::uint16_t code = 0;  ///< of ours
  std::string text;        ///< our reason, or the payload of the client's close frame
};

/// Owned by its shard. Link comes first: fan-out touches nothing else.
struct Connection : Subscriber {
  explicit Connection(asio::ip::tcp::socket given) : socket(std::move(given)) {}

  asio::ip::tcp::socket socket;
  std::uint32_t generation = 0;
  Stage stage = Stage::Request;
  bool reading = false;    ///< a wait for bytes is under way
  bool writing = false;    ///< a wait for room is under way
  bool announced = false;  ///< the protocol has had on_open, and not on_close
  bool ended = false;      ///< the client will send no more
  bool shut = false;       ///< our sending side is shut
  bool shut_due = false;   ///< as soon as a TLS record has been written
  bool restricted =
      true;  ///< the first frame limit holds: a message may change what the next may be
  bool awaiting = false;      ///< reads no further before the core, on another thread, has heard it
  bool held = false;          ///< the protocol awaits an answer for it from elsewhere
  bool takes_binary = false;  ///< its protocol does
  bool paused = false;        ///< has said as much as it may until the next beat
  bool timed = false;         ///< a deadline for its unfinished message is under way
  std::uint32_t heard = 0;    ///< the beat in which it last gave a sign of life
  std::uint32_t pinged = 0;   ///< the beat of the last ping
  std::uint32_t began = 0;    ///< the beat in which its unfinished message began
  std::uint32_t read_in = 0;  ///< the beat in which read_bytes counts
  std::uint32_t read_bytes = 0;
  std::uint32_t unfinished = 0;   ///< bytes that its unfinished message holds
  std::uint32_t unconfirmed = 0;  ///< bytes said since the core was last waited for
  std::uint8_t protocol = 0;
  const Routes* routes = nullptr;
  ConnectionSlot pass;              ///< its place at the door
  std::unique_ptr<TlsSession> tls;  ///< from its first byte on; null: plain
  std::unique_ptr<Arrival> arrival;
  std::unique_ptr<FrameReader> frames;
  std::unique_ptr<std::string> unread;  ///< came in while it waits
  std::unique_ptr<Ending> ending;       ///< nothing else is read any more

  /// Whether further messages must wait: for a long reply to be written, for the core, for an
  /// answer that the protocol awaits, or for the next beat.
  [[nodiscard]] bool waits() const { return tell_drained || awaiting || held || paused; }
};

}  // namespace signaller::net
