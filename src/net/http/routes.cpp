#include "net/http/routes.hpp"

#include <websocketpp/utf8_validator.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "net/http/authority.hpp"
#include "port/url.hpp"

namespace signaller::net {
namespace {

constexpr std::string_view RestMark = "...";

/// Whether UTF-8 text has a control character: C0, DEL or C1 (U+0080 to U+009F, which begin with
/// the byte C2).
bool holds_control_character(std::string_view text) {
  unsigned char before = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || (before == 0xc2 && byte < 0xa0)) return true;
    before = byte;
  }
  return false;
}

/// Whether the first route has precedence over the second.
bool is_longer(const Route& a, const Route& b) {
  const PathPattern& x = a.pattern;
  const PathPattern& y = b.pattern;
  if ((x.kind == PathPattern::Kind::Exact) != (y.kind == PathPattern::Kind::Exact)) {
    return x.kind == PathPattern::Kind::Exact;
  }
  // Exact routes keep the order of the mapping.
  if (x.kind == PathPattern::Kind::Exact) return false;
  if (x.prefix.size() != y.prefix.size()) return x.prefix.size() > y.prefix.size();
  return x.kind < y.kind;
}

}  // namespace

std::optional<PathPattern> PathPattern::parse(std::string_view path) {
  if (path.empty() || path.front() != '/') return std::nullopt;
  const std::size_t open = path.find_first_of("{}");
  if (open == std::string_view::npos) return PathPattern{Kind::Exact, std::string(path), {}};
  const bool closed = path[open] == '{' && path[open - 1] == '/' && path.back() == '}';
  if (!closed) return std::nullopt;
  std::string_view name = path.substr(open + 1, path.size() - open - 2);
  const bool rest =
      name.size() > RestMark.size() && name.substr(name.size() - RestMark.size()) == RestMark;
  if (rest) name.remove_suffix(RestMark.size());
  const bool good = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter_or_digit(c) || c == '_' || c == '-';
  });
  if (!good) return std::nullopt;
  return PathPattern{rest ? Kind::Rest : Kind::Segment, std::string(path.substr(0, open)),
                     std::string(name)};
}

std::optional<std::string_view> PathPattern::match(std::string_view path) const {
  if (kind == Kind::Exact) {
    return path == prefix ? std::optional(std::string_view()) : std::nullopt;
  }
  if (path.substr(0, prefix.size()) != prefix) return std::nullopt;
  const std::string_view rest = path.substr(prefix.size());
  const bool whole = kind == Kind::Rest || rest.find('/') == std::string_view::npos;
  return whole ? std::optional(rest) : std::nullopt;
}

std::optional<std::string> decode_parameter(const PathPattern& pattern, std::string_view raw,
                                            std::string& problem) {
  const auto refuse = [&](std::string_view why) {
    problem = "the path's {" + pattern.name + "} " + std::string(why);
    return std::nullopt;
  };
  if (pattern.kind == PathPattern::Kind::Exact) return std::string();
  const bool segment = pattern.kind == PathPattern::Kind::Segment;
  std::optional<std::string> text = port::percent_decode(raw);
  if (!text) return refuse("contains a % without two hexadecimal digits after it");
  if (segment && text->empty()) return refuse("is empty");
  if (text->size() > MaxParameter) {
    return refuse("is limited to " + std::to_string(MaxParameter) + " bytes");
  }
  if (!websocketpp::utf8_validator::validate(*text)) return refuse("is not UTF-8");
  if (holds_control_character(*text)) return refuse("contains a control character");
  if (segment && text->find('/') != std::string::npos) return refuse("contains a slash");
  return text;
}

bool allows_method(std::string_view methods, std::string_view method) {
  bool get = false;
  while (!methods.empty()) {
    const std::string_view one = methods.substr(0, methods.find(','));
    const std::string_view name = trim_whitespace(one);
    if (name == method) return true;
    get = get || name == "GET";
    methods.remove_prefix(std::min(methods.size(), one.size() + 1));
  }
  return get && method == "HEAD";
}

bool is_known_method(std::string_view method) {
  constexpr std::array<std::string_view, 9> Known{"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                                  "CONNECT", "OPTIONS", "TRACE", "PATCH"};
  return std::find(Known.begin(), Known.end(), method) != Known.end();
}

std::string allow_of(const port::Endpoint& endpoint) {
  if (!endpoint.http) return "GET, HEAD";
  std::string text(endpoint.methods);
  for (const char* const also : {"HEAD", "OPTIONS"}) {
    const bool due = also == std::string_view("OPTIONS") || allows_method(text, "GET");
    const bool named = text.find(also) != std::string::npos;
    if (due && !named) text += std::string(text.empty() ? "" : ", ") + also;
  }
  return text;
}

std::string mounted_path(std::string_view path, const port::Endpoint& endpoint, bool prefix) {
  if (!prefix) return std::string(path);
  if (!path.empty() && path.back() == '/') path.remove_suffix(1);
  return std::string(path) + std::string(endpoint.path);
}

BodyLimit body_limit_of(const port::Endpoint& endpoint, std::size_t otherwise) {
  if (endpoint.body_limit == 0) return {otherwise, "net.body_bytes"};
  return {endpoint.body_limit, endpoint.body_key};
}

void Routes::add(std::string path, std::size_t protocol, const port::Endpoint& endpoint,
                 std::size_t first_frame_limit) {
  auto pattern = PathPattern::parse(path);
  if (!pattern) {
    throw std::runtime_error("path " + path +
                             ": must have the form /a/path, /a/{name} or /a/{name...}");
  }
  const auto declared = PathPattern::parse(endpoint.path);
  const bool needs = declared && declared->kind != PathPattern::Kind::Exact;
  if (needs && pattern->kind == PathPattern::Kind::Exact) {
    throw std::runtime_error("path " + path + ": '" + std::string(endpoint.name) +
                             "' needs a parameter at its end, as in " + std::string(endpoint.path));
  }
  const bool wider = declared && declared->kind == PathPattern::Kind::Segment &&
                     pattern->kind == PathPattern::Kind::Rest;
  if (wider) {  // the endpoint does not expect slashes, nor an empty parameter
    throw std::runtime_error("path " + path + ": the parameter of '" + std::string(endpoint.name) +
                             "' must be one segment, as in " + std::string(endpoint.path));
  }
  Route route{std::move(path), protocol, endpoint, first_frame_limit, std::move(*pattern)};
  list.insert(std::upper_bound(list.begin(), list.end(), route, is_longer), std::move(route));
}

bool Routes::is_health(std::string_view path) const {
  return path == "/livez" || (operations && path == "/readyz");
}

RouteMatch Routes::find(std::string_view path) const {
  const bool health = is_health(path);
  for (const Route& route : list) {
    const bool exact = route.pattern.kind == PathPattern::Kind::Exact;
    if (health && !exact) break;
    if (exact && route.path == path) return {&route, {}};
    if (exact) continue;
    if (const auto parameter = route.pattern.match(path)) return {&route, *parameter};
  }
  return {};
}

BodyLimit Routes::body_limit(std::string_view path, std::size_t otherwise) const {
  const Route* const route = find(path).route;
  return body_limit_of(route == nullptr ? port::Endpoint{} : route->endpoint, otherwise);
}

std::string Routes::describe() const {
  std::string text = "This path does not exist. Paths of this server:\n";
  for (const Route& route : list) {
    const port::Endpoint& endpoint = route.endpoint;
    text += "  " + route.path + "  (" + std::string(endpoint.name) + ": ";
    if (endpoint.websocket) text += "WebSocket";
    if (endpoint.websocket && endpoint.http) text += " and ";
    const bool usual = endpoint.methods == "GET, HEAD";
    if (endpoint.http) text += "HTTP " + (usual ? "GET" : std::string(endpoint.methods));
    text += ")\n";
  }
  text += "  /livez  (HTTP GET: alive)\n";
  if (operations) text += "  /readyz  (HTTP GET: ready to serve)\n";
  return text;
}

}  // namespace signaller::net
