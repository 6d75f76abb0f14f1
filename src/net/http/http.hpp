// HTTP answers, and which protocol serves which path of a listener.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/system/tls.hpp"
#include "port/protocol.hpp"

namespace signaller::net {

/// `text` without the spaces and tabs around it (RFC 9110 §5.6.3).
std::string_view trim_whitespace(std::string_view text);

/// A path of a listener.
struct Route {
  std::string path;
  std::size_t protocol = 0;  ///< index among the process's protocols
  port::Endpoint endpoint;
  std::size_t first_frame_limit = 0;  ///< bytes
};

/// What one listener serves. Immutable after start; any thread.
struct Routes {
  std::vector<Route> list;
  bool operations = false;
  bool proxy = false;                ///< begins with a PROXY header
  std::shared_ptr<TlsIdentity> tls;  ///< null: plain

  [[nodiscard]] const Route* find(std::string_view path) const;
  /// The body of a 404: the paths that there are.
  [[nodiscard]] std::string describe() const;
};

/// The type of all texts that the edge itself answers with.
constexpr const char* PlainText = "text/plain; charset=utf-8";

struct HttpResponse {
  int status = 200;
  std::string content_type = PlainText;
  std::string body;
  std::string more_headers;  ///< each with its CRLF
};

/// The response as it goes over the wire (RFC 9112), with `Connection: close`.
/// @param head_only  the request was HEAD: without the body
std::string http_response(const HttpResponse& answer, bool head_only);

}  // namespace signaller::net
