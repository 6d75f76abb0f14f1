#include "net/http/request_rules.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <system_error>

#include "net/http/authority.hpp"
#include "port/http.hpp"

namespace signaller::net {
namespace {

constexpr int Status400 = 400;
constexpr int NotImplemented = 501;
constexpr int VersionNotSupported = 505;

/// Whether a target contains only visible ASCII characters, without `#`, quotes, `<`, `>` and `\\`.
bool is_target(std::string_view text) {
  constexpr std::string_view Never = "#\"<>\\";
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return c > 0x20 && c < 0x7f && Never.find(c) == std::string_view::npos;
  });
}

/// Whether the text is an HTTP version, such as `HTTP/1.1`.
bool is_version(std::string_view text) {
  constexpr std::string_view Form = "HTTP/d.d";
  const auto fits = [](char c, char form) {
    return form == 'd' ? c >= '0' && c <= '9' : c == form;
  };
  return std::equal(text.begin(), text.end(), Form.begin(), Form.end(), fits);
}

/// Whether a comma-separated list contains this entry, in any case.
bool lists(std::string_view value, std::string_view wanted) {
  while (!value.empty()) {
    const std::string_view one = value.substr(0, value.find(','));
    if (lower_case(trim_whitespace(one)) == wanted) return true;
    value.remove_prefix(std::min(value.size(), one.size() + 1));
  }
  return false;
}

/// Whether the value is a list of tokens; entries may be empty (RFC 9110 §5.6.1.2).
bool is_list(std::string_view value) {
  while (!value.empty()) {
    const std::string_view one = value.substr(0, value.find(','));
    const std::string_view part = trim_whitespace(one);
    if (!part.empty() && !port::is_http_token(part)) return false;
    value.remove_prefix(std::min(value.size(), one.size() + 1));
  }
  return true;
}

bool is_number(std::string_view value) {
  return !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The number; if it does not fit, the largest value of the type.
std::uint64_t number_of(std::string_view digits) {
  std::uint64_t number = 0;
  const auto error = std::from_chars(digits.data(), digits.data() + digits.size(), number).ec;
  return error == std::errc() ? number : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

std::optional<std::string_view> HeadRules::host_of(std::string_view target) {
  constexpr std::string_view Between = "://";
  const std::size_t scheme = target.find(Between);
  if (scheme == std::string_view::npos) return std::nullopt;
  const std::string name = lower_case(target.substr(0, scheme));
  if (name != "http" && name != "https") return std::nullopt;
  const std::string_view rest = target.substr(scheme + Between.size());
  const std::string_view host = rest.substr(0, rest.find_first_of("/?"));
  return Authority::parse(host) ? std::optional(host) : std::nullopt;
}

HeadProblem HeadRules::request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  const bool three = first != last && first != std::string_view::npos;
  if (!three || !port::is_http_token(line.substr(0, first))) {
    return {Status400, "a request must begin with METHOD TARGET HTTP/1.1"};
  }
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const bool path = !target.empty() && target.front() == '/';
  const bool whole_server = target == "*" && line.substr(0, first) == "OPTIONS";
  if (!path && !whole_server && !host_of(target)) {
    return {Status400, "the request target must begin with a slash"};
  }
  if (!is_target(target))
    return {Status400, "the request target contains a character that must be percent-encoded"};
  const std::string_view version = line.substr(last + 1);
  if (!is_version(version)) {
    return {Status400, "a request must begin with METHOD TARGET HTTP/1.1"};
  }
  // A later minor version is answered as HTTP/1.1 (RFC 9110 §2.5).
  constexpr std::string_view Major = "HTTP/1.";
  if (version.substr(0, Major.size()) != Major) {
    return {VersionNotSupported, "only HTTP/1.0 and HTTP/1.1 are supported"};
  }
  version_10_ = version == "HTTP/1.0";
  return {};
}

bool HeadRules::may_stand(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte != 0x7f) || c == '\t' || c == '\r' || c == '\n';
}

HeadProblem HeadRules::line(std::string_view line) {
  if (started_) {
    done_ = line.empty();
    return done_ ? HeadProblem{} : header(line);
  }
  if (line.empty()) return {};  // some clients send CRLF after a body (RFC 9112 §2.2)
  started_ = true;
  return request_line(line);
}

HeadProblem HeadRules::header(std::string_view line) {
  if (line.front() == ' ' || line.front() == '\t') {
    return {Status400, "a header must not continue on the next line"};
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return {Status400, "a header has no colon"};
  if (!port::is_http_token(line.substr(0, colon))) {
    return {Status400, "a header's name must be a token, and a colon must follow it at once"};
  }
  const std::string name = lower_case(line.substr(0, colon));
  const auto single = std::find(Single.begin(), Single.end(), name);
  if (single != Single.end()) {
    bool& seen = seen_[static_cast<std::size_t>(single - Single.begin())];
    if (seen) return {Status400, "a header that may occur only once occurs twice"};
    seen = true;
  }
  return value_of(name, trim_whitespace(line.substr(colon + 1)));
}

HeadProblem HeadRules::value_of(std::string_view name, std::string_view value) {
  // An empty Host names no host (RFC 9112 §3.2).
  if (name == "host" && !value.empty() && !Authority::parse(value)) {
    return {Status400, "Host must be a name or an address, with an optional port"};
  }
  names_host_ = names_host_ || (name == "host" && !value.empty());
  if (name == "content-length") {
    if (!is_number(value)) return {Status400, "Content-Length must be one number"};
    content_length_ = number_of(value);
  }
  if (name == "sec-websocket-protocol" && !is_list(value)) {
    return {Status400, "Sec-WebSocket-Protocol must be a list of names"};
  }
  transfer_encoding_ = transfer_encoding_ || name == "transfer-encoding";
  websocket_ = websocket_ || (name == "upgrade" && lists(value, "websocket"));
  upgrade_ = upgrade_ || (name == "connection" && lists(value, "upgrade"));
  close_ = close_ || (name == "connection" && lists(value, "close"));
  continue_ = continue_ || (name == "expect" && lower_case(value) == "100-continue");
  return {};
}

bool HeadRules::has(std::string_view name) const {
  const auto found = std::find(Single.begin(), Single.end(), name);
  return seen_[static_cast<std::size_t>(found - Single.begin())];
}

HeadProblem HeadRules::whole() const {
  if (!has("host") && !version_10_) return {Status400, "the Host header is missing"};
  if (transfer_encoding_ && has("content-length")) {
    return {Status400, "Transfer-Encoding and Content-Length contradict each other"};
  }
  if (transfer_encoding_) {
    return {NotImplemented, "Transfer-Encoding is not supported: send a Content-Length"};
  }
  if (asks_websocket() && content_length_ != 0)
    return {Status400, "a WebSocket handshake must not have a body"};
  return {};
}

}  // namespace signaller::net
