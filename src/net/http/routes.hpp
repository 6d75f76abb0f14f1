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

/// A path as an endpoint declares it or a listener maps it: exact (`/stats`), with one segment at
/// its end as parameter (`/ws/{name}`), or with the rest of the path (`/files/{name...}`).
struct PathPattern {
  enum class Kind : std::uint8_t { Exact, Segment, Rest };
  Kind kind = Kind::Exact;
  std::string prefix;  ///< the path, or what stands before the parameter, with its slash
  std::string name;    ///< of the parameter

  /// Nothing if the path does not begin with a slash, or has braces elsewhere.
  static std::optional<PathPattern> parse(std::string_view path);
  /// The parameter as sent; nothing if the path does not match.
  [[nodiscard]] std::optional<std::string_view> match(std::string_view path) const;
};

/// Percent-decodes a path's parameter. Refuses an empty one, except as the rest of a path.
/// @param problem  the error, a sentence without full stop, if there is no result
std::optional<std::string> decode_parameter(const PathPattern& pattern, std::string_view raw,
                                            std::string& problem);
/// The bound on a parameter, in bytes after decoding.
constexpr std::size_t MaxParameter = 1'024;

/// Whether an Allow header's list has this method. HEAD comes with GET.
bool allows_method(std::string_view methods, std::string_view method);
/// The Allow header of an endpoint: its methods, HEAD if GET is among them, and OPTIONS.
std::string allow_of(const port::Endpoint& endpoint);

/// A path of a listener.
struct Route {
  std::string path;
  std::size_t protocol = 0;  ///< index among the process's protocols
  port::Endpoint endpoint;
  std::size_t first_frame_limit = 0;  ///< bytes
  PathPattern pattern{};              ///< of `path`
};

/// The path of one endpoint under a mapping.
/// @param path    that the listener maps
/// @param prefix  the name has several endpoints: the path is a prefix of the endpoint's own
std::string mounted_path(std::string_view path, const port::Endpoint& endpoint, bool prefix);

/// A route that serves a path, and the path's parameter as sent.
struct RouteMatch {
  const Route* route = nullptr;  ///< null: nothing serves it
  std::string_view parameter;
};

/// The routes of one listener. Immutable after start; any thread.
struct Routes {
  std::vector<Route> list;
  bool operations = false;
  bool proxy = false;                ///< begins with a PROXY header
  std::shared_ptr<TlsIdentity> tls;  ///< null: plain
  std::uint16_t port = 0;            ///< the listener's

  /// @throws std::runtime_error  the path has not the form of a PathPattern
  void add(std::string path, std::size_t protocol, const port::Endpoint& endpoint,
           std::size_t first_frame_limit);
  /// An exact path first, then the edge's own paths, then the longest prefix.
  [[nodiscard]] RouteMatch find(std::string_view path) const;
  /// Whether the edge itself answers the path: /livez, and /readyz on an operations listener.
  [[nodiscard]] bool is_health(std::string_view path) const;
  /// The bound on the body of a request.
  /// @param otherwise  bytes, if the endpoint has no limit of its own (`net.body_bytes`)
  [[nodiscard]] BodyLimit body_limit(std::string_view path, std::size_t otherwise) const;
  /// The body of a 404: lists the paths.
  [[nodiscard]] std::string describe() const;
};

}  // namespace signaller::net
