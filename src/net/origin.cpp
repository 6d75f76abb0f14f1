#include "net/origin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace signaller::net {
namespace {

constexpr std::uint32_t HttpPort = 80;
constexpr std::uint32_t HttpsPort = 443;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return lower(c); });
  return out;
}

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

/// A name or an address, `[…]` for IPv6, and perhaps a port; `port` 0: none is written.
struct Authority {
  std::string host;  ///< in lower case
  std::uint32_t port = 0;
};

bool is_host(std::string_view host) {
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  return !host.empty() && std::all_of(host.begin(), host.end(), [bracketed](char c) {
    return is_letter_or_digit(c) ||
           (bracketed ? c == ':' || c == '.' : c == '-' || c == '.' || c == '_');
  });
}

std::optional<Authority> read_authority(std::string_view text) {
  constexpr std::uint32_t MostPort = 65'535;
  Authority result;
  const std::size_t colon = text.rfind(':');
  const bool has_port = colon != std::string_view::npos && text.back() != ']';
  const std::string_view host = has_port ? text.substr(0, colon) : text;
  if (!is_host(host)) return std::nullopt;
  result.host = lower(host);
  if (!has_port) return result;
  const std::string_view digits = text.substr(colon + 1);
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, result.port);
  const bool fine = error == std::errc() && stop == end && result.port != 0;
  return fine && result.port <= MostPort ? std::optional(result) : std::nullopt;
}

std::uint32_t default_port(std::string_view scheme) {
  return scheme == "http" ? HttpPort : scheme == "https" ? HttpsPort : 0;
}

/// RFC 6454 §6.2: scheme, host, and the port unless it is the scheme's own.
struct Origin {
  std::string scheme;
  Authority where;  ///< its port is never left out where the scheme has one
};

std::optional<Origin> read_origin(std::string_view text) {
  constexpr std::string_view Between = "://";
  const std::size_t mark = text.find(Between);
  if (mark == std::string_view::npos || mark == 0) return std::nullopt;
  const std::string_view scheme = text.substr(0, mark);
  const bool fine = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return is_letter_or_digit(c) || c == '+' || c == '-' || c == '.';
  });
  auto where = read_authority(text.substr(mark + Between.size()));
  if (!fine || !where) return std::nullopt;
  Origin origin{lower(scheme), std::move(*where)};
  if (origin.where.port == 0) origin.where.port = default_port(origin.scheme);
  return origin;
}

bool is_same_host(const Origin& origin, std::string_view host, Scheme scheme) {
  auto here = read_authority(host);
  const bool is_web = default_port(origin.scheme) != 0;
  if (!is_web || !here || here->host != origin.where.host) return false;
  if (here->port == 0) {
    here->port = scheme == Scheme::Unknown ? default_port(origin.scheme)
                 : scheme == Scheme::Https ? HttpsPort
                                           : HttpPort;
  }
  return here->port == origin.where.port;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() > end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

std::optional<std::string> OriginRule::assign(const std::vector<std::string>& texts) {
  constexpr std::string_view Below = "://*.";
  *this = {};
  for (const std::string& text : texts) {
    every_ = every_ || text == "*";
    null_ = null_ || text == "null";
    if (text == "*" || text == "null") continue;
    std::string plain = text;
    const std::size_t star = text.find(Below);
    if (star != std::string::npos) plain.erase(star + 3, 2);
    const auto origin = read_origin(plain);
    if (!origin) return text;
    const bool below = star != std::string::npos;
    list_.push_back(
        {origin->scheme, (below ? "." : "") + origin->where.host, origin->where.port, below});
  }
  return std::nullopt;
}

bool OriginRule::allows(std::string_view origin, std::string_view host, Scheme scheme) const {
  if (every_ || origin == "null") return every_ || null_;
  const auto from = read_origin(origin);
  if (!from) return false;
  if (is_same_host(*from, host, scheme)) return true;
  return std::any_of(list_.begin(), list_.end(), [&from](const Listed& one) {
    return one.scheme == from->scheme && one.port == from->where.port &&
           (one.below ? ends_with(from->where.host, one.host) : one.host == from->where.host);
  });
}

std::string origin_refusal(std::string_view origin) {
  constexpr std::size_t Longest = 100;
  std::string shown;
  for (const char c : origin.substr(0, Longest)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool harmless = byte > 0x20 && byte < 0x7f && c != '\\' && c != '<' && c != '>';
    shown += harmless ? std::string(1, c) : fmt::format("\\x{:02x}", byte);
  }
  if (origin.size() > Longest) shown += "...";
  return fmt::format(
      "Pages from {} may not connect here: they would have to be listed in net.origins", shown);
}

}  // namespace signaller::net
