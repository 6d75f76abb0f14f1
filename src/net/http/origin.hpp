// Which web pages may open a WebSocket here (RFC 6455 §10.2): browsers tell where a page is from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::net {

/// How the client reached the server, as far as that is known.
enum class Scheme : std::uint8_t {
  Http,
  Https,
  Unknown,  ///< through a trusted proxy that does not say
};

/// What `net.origins` says. Immutable once assigned; any thread.
class OriginRule {
 public:
  /// Each is `https://example.org`, `https://example.org:8443`, `https://*.example.org` (whatever
  /// is below it), `null` (pages without an origin of their own, such as files), or `*`: every one.
  /// The first that is none of these, or nothing: then all of them hold.
  std::optional<std::string> assign(const std::vector<std::string>& texts);

  /// Whether a page from `origin` may come: it is listed, or it was served by this very host. Host
  /// and port are compared, the port that is not written being that of the scheme. Where the scheme
  /// of the connection is not known, a Host without port has the origin's.
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

/// Why it may not, as a sentence for people: the origin (what could do harm on a terminal is
/// escaped, and it is cut) and the key.
std::string origin_refusal(std::string_view origin);

}  // namespace signaller::net
