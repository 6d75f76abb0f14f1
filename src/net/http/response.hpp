// HTTP responses as they are sent (RFC 9112).
#pragma once

#include <cstdint>
#include <string>

#include "port/http.hpp"

namespace signaller::net {

/// The content type of all responses whose text the edge writes itself.
constexpr const char* PlainText = "text/plain; charset=utf-8";
/// The Retry-After of all 503 responses of the edge, in seconds.
constexpr const char* RetryAfter = "5";
/// The body of the response to a request that comes while the server shuts down.
constexpr const char* ShuttingDown = "the server is shutting down\n";

struct HttpResponse {
  int status = 200;
  std::string content_type = PlainText;
  std::string body;
  std::string more_headers;         ///< headers of the edge, each with its CRLF
  port::ResponseHeaders headers{};  ///< headers of a protocol
  bool keep_alive = false;          ///< the connection stays open for another request
  std::int64_t unix_s = 0;          ///< time of the response for `Date`, Unix seconds; 0: no `Date`
};

/// The bytes of a response. A status that is invalid for a response, such as 1xx, becomes 500; a
/// content type with control characters becomes `application/octet-stream`. Responses with 204, 205
/// and 304 have no body (RFC 9110 §15.3.5, §15.3.6, §15.4.5). A response with 426 names the
/// protocol to upgrade to (§15.5.22, §7.8).
/// @param head_only  the request was HEAD: omits the body
std::string http_response(const HttpResponse& answer, bool head_only);

/// A time as in a Date header (IMF-fixdate, RFC 9110 §5.6.7), such as `Sun, 06 Nov 1994 08:49:37
/// GMT`.
/// @param unix_s  Unix seconds, from 1970 to 9999
std::string http_date(std::int64_t unix_s);

/// A 503 response with the header Retry-After.
HttpResponse unavailable(std::string body);

/// The lines of these headers, each with its CRLF.
std::string header_lines(const port::ResponseHeaders& headers);

/// How long a kept connection stays open without a request, in seconds.
constexpr int KeepAliveSeconds = 60;

}  // namespace signaller::net
