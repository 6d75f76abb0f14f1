// HTTP and WebSocket live in this folder, as bytes and values: requests, routes, origins,
// responses, frames. No socket and no clock belongs here: shard/ reads and writes, and fuzzers run
// the production code. Each object belongs to one thread; routes and origins serve any thread.
//
// This header parses the HTTP requests and WebSocket frames of one connection, with websocketpp's
// parser and its RFC 6455 processor but not its transports (docs/architecture.rst says why).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/fanout/batch.hpp"
#include "port/http.hpp"

namespace signaller::net {

/// A complete HTTP request.
struct Request {
  std::string method;
  std::string path;   ///< path as sent, without the query
  std::string query;  ///< query without `?`
  std::string host;
  std::string body;
  std::optional<std::string> origin;
  std::string content_type;
  std::string forwarded_for;    ///< values of all X-Forwarded-For lines in order, joined by commas
  std::string forwarded_proto;  ///< value of X-Forwarded-Proto
  bool upgrade = false;         ///< the request asks for an upgrade to WebSocket
  bool version_13 = false;      ///< Sec-WebSocket-Version is 13
  bool key_valid = false;       ///< Sec-WebSocket-Key is base64 of 16 bytes
  bool keep_alive = false;      ///< the request has no `Connection: close`
  std::vector<std::string> subprotocols;  ///< subprotocols that the client offers, in order
};

/// The maximum length of a request's body.
struct BodyLimit {
  std::size_t bytes = 0;
  std::string_view key;  ///< configuration key of the bound, a literal; empty: none
};

/// Reads one HTTP/1.1 request (RFC 9112). Freed when the request has been answered.
class RequestReader {
 public:
  struct Limits {
    std::size_t head = 8'192;  ///< maximum bytes of request line and headers (431 above)
    std::size_t body = 1024;   ///< maximum bytes of the body (413 above)
  };
  enum class Progress : std::uint8_t { NeedsMore, Ready, Failed };

  /// @param body_limit  returns the maximum body length for a path; null: `limits.body`. A
  /// function, because the path is known only when the head has been read
  explicit RequestReader(Limits limits,
                         std::function<BodyLimit(std::string_view path)> body_limit = {});
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;
  ~RequestReader();

  /// @param used  set to the number of bytes that belonged to the request
  Progress feed(std::string_view bytes, std::size_t& used);
  /// The request. Call it after Ready.
  [[nodiscard]] const Request& request() const;
  /// The HTTP status, and the error. Call them after Failed.
  [[nodiscard]] int status() const;
  [[nodiscard]] const std::string& error() const;
  /// The 101 response (RFC 6455 §4.2.2). Call it after Ready, for a request with `upgrade`.
  /// @param subprotocol  the chosen subprotocol, or empty
  /// @param headers      further lines, each with its CRLF
  [[nodiscard]] std::string accept(const std::string& subprotocol,
                                   std::string_view headers = {}) const;
  /// All headers of the request, without an empty Host; lines with the same name are joined by
  /// commas. Call it after Ready.
  [[nodiscard]] std::vector<port::HttpHeader> headers() const;
  /// Moves the body out of the request. Call it after Ready.
  [[nodiscard]] std::string take_body();
  /// Whether the request has begun: something other than empty lines has arrived.
  [[nodiscard]] bool begun() const;
  /// Memory of the request, in bytes, without that of an empty reader. The memory of the body is at
  /// most twice its received bytes, and never above its full length.
  [[nodiscard]] std::size_t held() const;
  /// Whether the client waits for a 100 response before it sends the body. Call it after NeedsMore;
  /// true only once.
  bool take_expect_continue();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A complete message or control frame, unmasked.
struct Message {
  Opcode opcode = Opcode::Text;
  std::string payload;
};

/// A client's close frame. `answer` is the code to send back (RFC 6455 §5.5.1, §7.4).
struct CloseFrame {
  std::uint16_t code = 1005;
  std::uint16_t answer = 1005;
};

/// Reads the frames of one client. Joins fragments, and checks UTF-8 as the bytes arrive.
class FrameReader {
 public:
  enum class Progress : std::uint8_t { NeedsMore, Ready, Failed };

  explicit FrameReader(std::size_t limit);
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;
  ~FrameReader();

  /// Sets the maximum length of a message in bytes, with all its fragments.
  void set_limit(std::size_t limit);
  [[nodiscard]] std::size_t limit() const;
  /// Reads up to the end of the next message. Overwrites the bytes: they are unmasked in place.
  /// @param used  set to the number of bytes that have been read
  Progress next(char* bytes, std::size_t size, std::size_t& used, Message& message);
  /// Whether a text or binary message is unfinished: from the first byte of its first frame on, and
  /// also between two fragments.
  [[nodiscard]] bool in_message() const;
  /// Memory of the unfinished message, in bytes. Bounded by twice the number of received bytes plus
  /// `SmallClaim`, whatever length a frame header claims.
  [[nodiscard]] std::size_t held() const;
  static constexpr std::size_t SmallClaim = 4096;
  /// The close code (1002, 1007 or 1009), and the error. Call them after Failed.
  [[nodiscard]] std::uint16_t close_code() const;
  [[nodiscard]] std::string error() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Parses the payload of a close frame.
CloseFrame read_close(const std::string& payload);
/// Builds the payload of a close frame; a reason above 123 bytes is cut between code points.
std::string close_payload(std::uint16_t code, std::string_view reason);

}  // namespace signaller::net
