// HTTP responses as they are sent (RFC 9112).
#pragma once

#include <string>

#include "port/http.hpp"

namespace signaller::net {

/// The content type of all responses whose text the edge writes itself.
constexpr const char* PlainText = "text/plain; charset=utf-8";

struct HttpResponse {
  int status = 200;
  std::string content_type = PlainText;
  std::string body;
  std::string more_headers;         ///< headers of the edge, each with its CRLF
  port::ResponseHeaders headers{};  ///< headers of a protocol
  bool keep_alive = false;          ///< the connection stays open for another request
};

/// The bytes of a response. A status that is invalid for a response becomes 500; a content type
/// with control characters becomes `application/octet-stream`.
/// @param head_only  the request was HEAD: omits the body
std::string http_response(const HttpResponse& answer, bool head_only);

/// The lines of these headers, each with its CRLF.
std::string header_lines(const port::ResponseHeaders& headers);

/// How long a kept connection stays open without a request, in seconds.
constexpr int KeepAliveSeconds = 60;

}  // namespace signaller::net
