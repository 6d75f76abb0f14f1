// HTTP requests and WebSocket frames of one connection, from bytes to values: websocketpp's parser
// and its RFC 6455 processor, without its transports (docs/architecture.rst says why). No socket
// in here, so fuzzers drive what production runs. Each object belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/fanout/batch.hpp"

namespace signaller::net {

/// A request whose head, and body if it has one, has come in whole.
struct Request {
  std::string method;
  std::string path;   ///< as sent, without query
  std::string query;  ///< without `?`
  std::string host;
  std::string body;
  std::optional<std::string> origin;
  std::string forwarded_for;    ///< all X-Forwarded-For lines in their order, joined by commas
  std::string forwarded_proto;  ///< X-Forwarded-Proto
  bool upgrade = false;         ///< asks for the WebSocket protocol
  bool version_13 = false;      ///< Sec-WebSocket-Version: 13
  bool key_valid = false;       ///< Sec-WebSocket-Key has the form of 16 bytes in base64
  std::vector<std::string> subprotocols;  ///< asked for, in their order
};

/// Reads one HTTP/1.1 request (RFC 9112). Kept only until the handshake is over.
class RequestReader {
 public:
  struct Limits {
    std::size_t head = 8'192;  ///< bytes of request line and headers: 431 above
    std::size_t body = 1024;   ///< bytes: 413 above
  };
  enum class Progress : std::uint8_t { NeedsMore, Ready, Failed };

  explicit RequestReader(Limits limits);
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;
  ~RequestReader();

  /// @param used  how many of the bytes belonged to the request
  Progress feed(std::string_view bytes, std::size_t& used);
  /// After Ready.
  [[nodiscard]] const Request& request() const;
  /// After Failed: the HTTP status, and what was wrong.
  [[nodiscard]] int status() const;
  [[nodiscard]] const std::string& error() const;
  /// The 101 response (RFC 6455 §4.2.2). After Ready with `upgrade`.
  /// @param subprotocol  the one chosen, or empty
  [[nodiscard]] std::string accept(const std::string& subprotocol) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A whole message, or a control frame, unmasked.
struct Message {
  Opcode opcode = Opcode::Text;
  std::string payload;
};

/// What a close frame said. `answer` is the code to send back (RFC 6455 §5.5.1, §7.4).
struct CloseFrame {
  std::uint16_t code = 1005;
  std::uint16_t answer = 1005;
};

/// Reads the frames of one client. Fragments are joined, UTF-8 of text is checked as it comes.
class FrameReader {
 public:
  enum class Progress : std::uint8_t { NeedsMore, Ready, Failed };

  explicit FrameReader(std::size_t limit);
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;
  ~FrameReader();

  /// The largest message, in bytes, all its fragments together.
  void set_limit(std::size_t limit);
  [[nodiscard]] std::size_t limit() const;
  /// Reads up to the end of the next message. The bytes are overwritten (unmasked in place).
  /// @param used  how many of them have been read
  Progress next(char* bytes, std::size_t size, std::size_t& used, Message& message);
  /// A text or binary message has begun and is not finished: the first byte of its first frame
  /// counts, and so does the time between two of its fragments.
  [[nodiscard]] bool in_message() const;
  /// Bytes of memory that what has begun holds. It follows what really came, not what a frame's
  /// header claims: at most twice that, and `SmallClaim`.
  [[nodiscard]] std::size_t held() const;
  static constexpr std::size_t SmallClaim = 4096;
  /// After Failed: 1002, 1007 or 1009, and what was wrong.
  [[nodiscard]] std::uint16_t close_code() const;
  [[nodiscard]] std::string error() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Reads the payload of a close frame.
CloseFrame read_close(const std::string& payload);
/// The payload of a close frame; a reason above 123 bytes is cut between code points.
std::string close_payload(std::uint16_t code, std::string_view reason);

}  // namespace signaller::net
