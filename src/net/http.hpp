// HTTP answers, and which protocol serves which path of a listener.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/tls.hpp"
#include "port/protocol.hpp"

namespace signaller::net {

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

struct Answer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::string more_headers;  ///< each with its CRLF
};

/// The response as it goes over the wire (RFC 9112), with `Connection: close`.
/// @param head_only  the request was HEAD: without the body
std::string http_response(const Answer& answer, bool head_only);

}  // namespace signaller::net
