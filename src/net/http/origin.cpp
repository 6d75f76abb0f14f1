#include "net/http/origin.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "net/http/authority.hpp"

namespace signaller::net {
namespace {

constexpr std::uint32_t HttpPort = 80;
constexpr std::uint32_t HttpsPort = 443;

std::uint32_t default_port(std::string_view scheme) {
  return scheme == "http" ? HttpPort : scheme == "https" ? HttpsPort : 0;
}

/// An origin (RFC 6454 §6.2): scheme, host, and the port unless it is the scheme's default.
struct Origin {
  std::string scheme;
  Authority where;  ///< host and port; the scheme's default port if the text has none
};

std::optional<Origin> read_origin(std::string_view text) {
  constexpr std::string_view Between = "://";
  const std::size_t mark = text.find(Between);
  if (mark == std::string_view::npos || mark == 0) return std::nullopt;
  const std::string_view scheme = text.substr(0, mark);
  const bool fine = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return is_letter_or_digit(c) || c == '+' || c == '-' || c == '.';
  });
  auto where = Authority::parse(text.substr(mark + Between.size()));
  if (!fine || !where) return std::nullopt;
  Origin origin{lower_case(scheme), std::move(*where)};
  if (origin.where.port == 0) origin.where.port = default_port(origin.scheme);
  return origin;
}

bool is_same_host(const Origin& origin, std::string_view host, Scheme scheme) {
  auto here = Authority::parse(host);
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
  return fmt::format("Pages from {} may not connect here: net.origins does not list them", shown);
}

}  // namespace signaller::net
