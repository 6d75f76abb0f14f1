// HTTP as a protocol sees it: requests come in, response headers go out. Values only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "port/ids.hpp"

namespace signaller::port {

struct HttpHeader {
  std::string name;
  std::string value;
};

/// Whether the text is a token (RFC 9110 §5.6.2), as names of headers and methods are.
bool is_http_token(std::string_view text);
/// Whether two names are equal but for the case of ASCII letters.
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// Headers of a response. Only what may stand in one gets in: no header can hold CR, LF or another
/// control character, and none can change where the response ends.
class ResponseHeaders {
 public:
  static constexpr std::size_t MaxBytes = 8'192;

  ResponseHeaders() = default;
  /// As add() for each pair; bad ones are left out.
  ResponseHeaders(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs);

  /// @return false, and nothing is added: the name is no token, or a header that the edge writes
  ///         itself (Connection, Content-Length, Content-Type, Sec-WebSocket-… and the like); the
  ///         value holds a control character; or all headers together pass MaxBytes
  bool add(std::string_view name, std::string_view value);
  [[nodiscard]] const std::vector<HttpHeader>& list() const { return list_; }
  [[nodiscard]] bool has(std::string_view name) const;

 private:
  std::vector<HttpHeader> list_;
  std::size_t bytes_ = 0;
};

/// A plain HTTP request to one of the protocol's endpoints; answered by a Respond to `connection`.
struct HttpRequest {
  ConnectionId connection;
  std::string method;
  std::string path;   ///< as sent, without query
  std::string query;  ///< without `?`
  std::string host;   ///< the Host header
  std::string body;
  bool secure = false;
  std::string address{};         ///< the client's, without port
  std::uint16_t port = 0;        ///< the client's; 0: not known (X-Forwarded-For has none)
  std::uint16_t local_port = 0;  ///< the listener's
  std::string endpoint{};        ///< the `path` that the Endpoint declares, wherever it is mapped
  std::string parameter{};       ///< of the path, percent-decoded UTF-8 without control characters
  std::optional<std::string> origin{};  ///< the Origin header; nothing: none was sent
  bool origin_allowed = true;           ///< none was sent, it is our own page, or it is listed
  std::string content_type{};
  /// All headers. Lines of one name are joined by commas. `net.head_bytes` bounds them.
  std::vector<HttpHeader> headers{};

  /// The value of a header, its name in any case; null if there is none.
  [[nodiscard]] const std::string* header(std::string_view name) const;
};

/// A WebSocket handshake, sound and from an allowed origin, that waits for the protocol's word: an
/// AcceptUpgrade or a Respond to `connection`.
struct UpgradeRequest : HttpRequest {};

}  // namespace signaller::port
