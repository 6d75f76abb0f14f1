// Values of HTTP that pass between the edge and protocols: requests and response headers.
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
/// Compares names. Ignores the case of ASCII letters.
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// Headers of a response. `add` checks each header: no header can hold CR, LF or another control
/// character, and none can change where the response ends.
class ResponseHeaders {
 public:
  static constexpr std::size_t MaxBytes = 8'192;

  ResponseHeaders() = default;
  /// Calls add() for each pair; ignores invalid ones.
  ResponseHeaders(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs);

  /// Adds a header, unless it is invalid: the name is no token, or is a header that the edge writes
  /// itself (Connection, Content-Length, Content-Type, Sec-WebSocket-… and the like); the value
  /// holds a control character; or all headers together would exceed MaxBytes.
  /// @return whether the header was added
  bool add(std::string_view name, std::string_view value);
  [[nodiscard]] const std::vector<HttpHeader>& list() const { return list_; }
  [[nodiscard]] bool has(std::string_view name) const;

 private:
  std::vector<HttpHeader> list_;
  std::size_t bytes_ = 0;
};

/// A plain HTTP request to one of the protocol's endpoints; answered by one Respond to `id()`.
struct HttpRequest {
  ConnectionId connection;
  std::string method;
  std::string path;   ///< path as sent, without the query
  std::string query;  ///< query without `?`
  std::string host;   ///< value of the Host header
  std::string body;
  bool secure = false;
  std::string address{};         ///< IP address of the client, without port
  std::uint16_t port = 0;        ///< port of the client; 0: unknown (X-Forwarded-For has no port)
  std::uint16_t local_port = 0;  ///< port of the listener
  /// Endpoint::path of the endpoint, also if the listener serves it under another path.
  std::string endpoint{};
  std::string
      parameter{};  ///< parameter of the path: percent-decoded UTF-8 without control characters
  std::optional<std::string> origin{};  ///< value of the Origin header; nothing: no such header
  bool origin_allowed =
      true;  ///< no Origin was sent, or the Origin is this host or is listed in net.origins
  std::string content_type{};
  /// All headers. Lines of one name are joined by commas. `net.head_bytes` bounds them.
  std::vector<HttpHeader> headers{};
  std::uint32_t number = 0;  ///< number of the request on its connection

  [[nodiscard]] RequestId id() const { return {connection, number}; }
  /// The value of the header with this name, whatever the case of its letters; null if there is no
  /// such header.
  [[nodiscard]] const std::string* header(std::string_view name) const;
};

/// A valid WebSocket handshake from an allowed origin. The protocol answers with an AcceptUpgrade
/// for `connection`, or with a Respond to `id()`.
struct UpgradeRequest : HttpRequest {};

}  // namespace signaller::port
