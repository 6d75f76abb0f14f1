// The origin rule: which web pages may connect (RFC 6455 §10.2). Browsers send a page's origin.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::net {

/// The scheme that the client used, as far as it is known.
enum class Scheme : std::uint8_t {
  Http,
  Https,
  Unknown,  ///< through a trusted proxy that does not name it
};

/// The rule of `net.origins`. Immutable once assigned; any thread.
class OriginRule {
 public:
  /// Replaces the list. An entry is `https://example.org`, `https://example.org:8443`,
  /// `https://*.example.org` (all subdomains), `null` (pages without an origin, such as files) or
  /// `*` (every page). Returns the first bad entry; nothing: all of them hold.
  std::optional<std::string> assign(const std::vector<std::string>& texts);

  /// Whether a page from `origin` may connect: it is listed, or its host and port are those of the
  /// request. A port that is not written is that of the scheme. If the scheme of the connection is
  /// not known, a Host without port has the origin's port.
  /// @param host  the Host header
  [[nodiscard]] bool allows(std::string_view origin, std::string_view host, Scheme scheme) const;

 private:
  struct Listed {
    std::string scheme;
    std::string host;  ///< in lower case; with `below`, beginning with a dot
    std::uint32_t port = 0;
    bool below = false;
  };
  std::vector<Listed> list_;
  bool every_ = false;
  bool null_ = false;
};

/// The text of a refusal. Names the key and the origin, which is cut, and escaped where it could do
/// harm on a terminal.
std::string origin_refusal(std::string_view origin);

}  // namespace signaller::net
