// Rules for the head of a request (RFC 9112), checked line by line. They are stricter than a
// parser, because request smuggling uses text that two parsers understand differently.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace signaller::net {

/// An error in a head, and its HTTP status.
struct HeadProblem {
  int status = 0;         ///< 0: no error
  std::string_view text;  ///< the error, a sentence without full stop; static

  [[nodiscard]] explicit operator bool() const { return status != 0; }
};

/// Checks the lines of one head, in order.
class HeadRules {
 public:
  /// Checks one line, without its CRLF; the line contains neither CR nor LF.
  HeadProblem line(std::string_view line);
  /// Whether the empty line has come, which ends the head.
  [[nodiscard]] bool done() const { return done_; }
  /// Checks the head as a whole. Call it after done().
  [[nodiscard]] HeadProblem whole() const;
  /// Whether a Host header names a host.
  [[nodiscard]] bool names_host() const { return names_host_; }
  /// Whether the request line has come.
  [[nodiscard]] bool started() const { return started_; }
  /// Whether the request asks for a WebSocket: `Upgrade: websocket` and `Connection: Upgrade`. An
  /// HTTP/1.0 request cannot ask (RFC 9110 §7.8).
  [[nodiscard]] bool asks_websocket() const { return websocket_ && upgrade_ && !version_10_; }

  /// Whether the connection closes after the answer (RFC 9112 §9.3): the client asks for it, or
  /// speaks HTTP/1.0.
  [[nodiscard]] bool asks_close() const { return close_ || version_10_; }
  /// Whether the client waits for a 100 response before it sends a body (RFC 9110 §10.1.1). An
  /// HTTP/1.0 client does not.
  [[nodiscard]] bool expects_continue() const {
    return continue_ && content_length_ != 0 && !version_10_;
  }
  /// The length of the body in bytes; the largest value of the type if the number does not fit.
  [[nodiscard]] std::uint64_t content_length() const { return content_length_; }

  /// The host in a target in absolute form (RFC 9112 §3.2.2), which overrides the Host header.
  static std::optional<std::string_view> host_of(std::string_view target);
  /// Whether a head may contain the byte: no control character but TAB, CR and LF.
  static bool may_stand(char c);

 private:
  /// Headers that may occur only once.
  static constexpr std::array<std::string_view, 8> Single{
      "host",   "content-length", "upgrade",      "sec-websocket-key", "sec-websocket-version",
      "origin", "content-type",   "authorization"};

  HeadProblem request_line(std::string_view line);
  HeadProblem header(std::string_view line);
  HeadProblem value_of(std::string_view name, std::string_view value);
  [[nodiscard]] bool has(std::string_view name) const;

  bool started_ = false;
  bool version_10_ = false;
  bool names_host_ = false;
  bool done_ = false;
  std::array<bool, Single.size()> seen_{};
  bool transfer_encoding_ = false;
  std::uint64_t content_length_ = 0;
  bool websocket_ = false;
  bool upgrade_ = false;
  bool close_ = false;
  bool continue_ = false;
};

}  // namespace signaller::net
