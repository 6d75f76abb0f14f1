// The origin rule: which web pages may connect (RFC 6455 §10.2). Browsers send a page's origin.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::net {

/// The scheme that the client used, if it is known.
enum class Scheme : std::uint8_t {
  Http,
  Https,
  Unknown,  ///< unknown, because a trusted proxy does not name it
};

/// The rule of `net.origins`. Immutable once assigned; any thread.
class OriginRule {
 public:
  /// Replaces the list. An entry is `https://example.org`, `https://example.org:8443`,
  /// `https://*.example.org` (all subdomains), `null` (pages without an origin, such as files) or
  /// `*` (every page). Returns the first invalid entry; nothing: all entries are valid.
  std::optional<std::string> assign(const std::vector<std::string>& texts);

  /// Whether a page from `origin` may connect: the origin is listed, or its host and port are those
  /// of the request. A missing port is the scheme's default. If the scheme of the connection is
  /// unknown, a Host without port is taken to have the origin's port.
  /// @param host  the Host header
  [[nodiscard]] bool allows(std::string_view origin, std::string_view host, Scheme scheme) const;

 private:
  struct Listed {
    std::string scheme;
    std::string host;  ///< lower case; begins with a dot if `below` is true
    std::uint32_t port = 0;
    bool below = false;
  };
  std::vector<Listed> list_;
  bool every_ = false;
  bool null_ = false;
};

/// The text of a refusal. Names the key and the origin; the origin is cut, and escaped where it
/// could harm a terminal.
std::string origin_refusal(std::string_view origin);

}  // namespace signaller::net
