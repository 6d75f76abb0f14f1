// HTTP responses as they go over the wire (RFC 9112).
#pragma once

#include <string>

#include "port/http.hpp"

namespace signaller::net {

/// The type of all texts that the edge itself answers with.
constexpr const char* PlainText = "text/plain; charset=utf-8";

struct HttpResponse {
  int status = 200;
  std::string content_type = PlainText;
  std::string body;
  std::string more_headers;         ///< of the edge, each with its CRLF
  port::ResponseHeaders headers{};  ///< of a protocol
  bool keep_alive = false;          ///< the connection stays open for a next request
};

/// The bytes of a response. A status that is none of an answer becomes 500, a content type that
/// holds control characters `application/octet-stream`.
/// @param head_only  the request was HEAD: without the body
std::string http_response(const HttpResponse& answer, bool head_only);

/// The lines of these headers, each with its CRLF.
std::string header_lines(const port::ResponseHeaders& headers);

/// How long a connection without a request is kept, in seconds.
constexpr int KeepAliveSeconds = 60;

}  // namespace signaller::net
