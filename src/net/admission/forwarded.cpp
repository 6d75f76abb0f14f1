#include "net/admission/forwarded.hpp"

#include <algorithm>
#include <cstddef>

#include "net/http/authority.hpp"

namespace signaller::net {
namespace {

constexpr std::string_view Digits = "0123456789";

bool is_port(std::string_view text) {
  constexpr std::size_t Longest = 5;
  return !text.empty() && text.size() <= Longest &&
         text.find_first_not_of(Digits) == std::string_view::npos;
}

}  // namespace

std::optional<port::AddressRange> read_hop(std::string_view text) {
  // An entry with a prefix length is not the address of a client.
  if (text.find('/') != std::string_view::npos) return std::nullopt;
  if (!text.empty() && text.front() == '[') {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(end + 1);
    const std::string_view inside = text.substr(1, end - 1);
    const bool v6 = inside.find(':') != std::string_view::npos;
    const bool fine = v6 && (rest.empty() || (rest.front() == ':' && is_port(rest.substr(1))));
    return fine ? port::AddressRange::parse(inside) : std::nullopt;
  }
  const std::size_t colon = text.find(':');
  const bool one_colon = colon != std::string_view::npos && text.find(':', colon + 1) > text.size();
  if (!one_colon) return port::AddressRange::parse(text);
  return is_port(text.substr(colon + 1)) ? port::AddressRange::parse(text.substr(0, colon))
                                         : std::nullopt;
}

port::AddressRange forwarded_for(const port::AddressRange& peer, std::string_view header,
                                 const Networks& trusted) {
  port::AddressRange last = peer;
  while (!header.empty() && trusted.contains(last)) {
    const std::size_t comma = header.rfind(',');
    const bool only = comma == std::string_view::npos;
    const auto hop = read_hop(trim_whitespace(only ? header : header.substr(comma + 1)));
    if (!hop) return last;
    last = *hop;
    header = only ? std::string_view() : header.substr(0, comma);
  }
  return last;
}

}  // namespace signaller::net
