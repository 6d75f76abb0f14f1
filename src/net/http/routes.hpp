// Which protocol serves which path of a listener.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http/codec.hpp"
#include "net/system/tls.hpp"
#include "port/protocol.hpp"

namespace signaller::net {

/// The path that an endpoint declares or a listener maps: exact (`/stats`), with one segment at its
/// end as parameter (`/ws/{name}`), or with the rest of the path as parameter (`/files/{name...}`).
struct PathPattern {
  enum class Kind : std::uint8_t { Exact, Segment, Rest };
  Kind kind = Kind::Exact;
  std::string prefix;  ///< the path, or its part before the parameter, with the slash
  std::string name;    ///< name of the parameter

  /// Returns nothing if the path does not begin with a slash, or has braces other than those of a
  /// parameter at its end.
  static std::optional<PathPattern> parse(std::string_view path);
  /// The parameter as sent; nothing if the path does not match.
  [[nodiscard]] std::optional<std::string_view> match(std::string_view path) const;
};

/// Percent-decodes a path's parameter. Refuses an empty parameter, except as the rest of a path.
/// @param problem  set to the error, a sentence without full stop, if there is no result
std::optional<std::string> decode_parameter(const PathPattern& pattern, std::string_view raw,
                                            std::string& problem);
/// The maximum length of a parameter, in bytes after decoding.
constexpr std::size_t MaxParameter = 1'024;

/// Whether the list of an Allow header contains this method. HEAD is allowed with GET.
bool allows_method(std::string_view methods, std::string_view method);
/// Whether HTTP defines this method (RFC 9110 §9, RFC 5789). Others get 501.
bool is_known_method(std::string_view method);
/// The Allow header of an endpoint: its methods, HEAD if GET is among them, and OPTIONS.
std::string allow_of(const port::Endpoint& endpoint);

/// A path of a listener.
struct Route {
  std::string path;
  std::size_t protocol = 0;  ///< index in the list of the process's protocols
  port::Endpoint endpoint;
  std::size_t first_frame_limit = 0;  ///< in bytes
  PathPattern pattern{};              ///< `path`, parsed
};

/// The path of one endpoint under a mapping.
/// @param path    the path in the mapping
/// @param prefix  true: the name has several endpoints, and `path` is a prefix of their paths
std::string mounted_path(std::string_view path, const port::Endpoint& endpoint, bool prefix);
/// The bound on the bodies of an endpoint.
/// @param otherwise  bytes, if the endpoint has no limit of its own (`net.body_bytes`)
BodyLimit body_limit_of(const port::Endpoint& endpoint, std::size_t otherwise);

/// The route that serves a path, and the path's parameter as sent.
struct RouteMatch {
  const Route* route = nullptr;  ///< null: no route serves the path
  std::string_view parameter;
};

/// The routes of one listener. Immutable after start; any thread.
struct Routes {
  std::vector<Route> list;
  bool operations = false;
  bool proxy = false;                ///< each connection begins with a PROXY header
  std::shared_ptr<TlsIdentity> tls;  ///< null: without TLS
  std::uint16_t port = 0;            ///< port of the listener

  /// @throws std::runtime_error  the path is no valid PathPattern, or has a parameter `{name...}`
  /// where
  ///                             the endpoint declares `{name}`
  void add(std::string path, std::size_t protocol, const port::Endpoint& endpoint,
           std::size_t first_frame_limit);
  /// Finds the route: an exact path first, then the edge's own paths, then the longest prefix.
  [[nodiscard]] RouteMatch find(std::string_view path) const;
  /// Whether the edge itself answers the path: /livez, and /readyz on an operations listener.
  [[nodiscard]] bool is_health(std::string_view path) const;
  /// The maximum length of a request's body.
  /// @param otherwise  bytes, for endpoints without a limit of their own (`net.body_bytes`)
  [[nodiscard]] BodyLimit body_limit(std::string_view path, std::size_t otherwise) const;
  /// The body of a 404 response, which lists the paths.
  [[nodiscard]] std::string describe() const;
};

}  // namespace signaller::net
