// What a request's head must be (RFC 9112), judged line by line: stricter than a parser, since what
// two of them might understand differently is how requests are smuggled past a proxy.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace signaller::net {

/// What is wrong, and the HTTP status that says so.
struct HeadProblem {
  int status = 0;         ///< 0: nothing is wrong
  std::string_view text;  ///< a sentence without its end; static

  [[nodiscard]] explicit operator bool() const { return status != 0; }
};

/// The lines of one head, in their order.
class HeadRules {
 public:
  /// One line without its CRLF, which ends it and stands nowhere within it.
  HeadProblem line(std::string_view line);
  /// The empty line has come.
  [[nodiscard]] bool done() const { return done_; }
  /// After it: what only the whole shows.
  [[nodiscard]] HeadProblem whole() const;
  /// Asks for the WebSocket protocol: `Upgrade: websocket` and `Connection: Upgrade`.
  [[nodiscard]] bool asks_websocket() const { return websocket_ && upgrade_; }

  /// The host of a target that is a whole address (RFC 9112 §3.2.2): it counts more than Host.
  static std::optional<std::string_view> host_of(std::string_view target);
  /// Whether the byte may stand in a head: no control character but TAB, CR and LF.
  static bool may_stand(char c);

 private:
  /// Headers that must not come twice.
  static constexpr std::array<std::string_view, 8> Single{
      "host",   "content-length", "upgrade",      "sec-websocket-key", "sec-websocket-version",
      "origin", "content-type",   "authorization"};

  HeadProblem header(std::string_view line);
  HeadProblem value_of(std::string_view name, std::string_view value);
  [[nodiscard]] bool has(std::string_view name) const;

  bool empty_before_ = false;  ///< an empty line came before the request line
  bool started_ = false;
  bool done_ = false;
  std::array<bool, Single.size()> seen_{};
  bool transfer_encoding_ = false;
  bool body_ = false;
  bool websocket_ = false;
  bool upgrade_ = false;
};

}  // namespace signaller::net
