#include "net/http/authority.hpp"

#include <algorithm>
#include <charconv>

namespace signaller::net {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool is_host(std::string_view host) {
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  return !host.empty() && std::all_of(host.begin(), host.end(), [bracketed](char c) {
    const bool mark = bracketed ? c == ':' || c == '.' : c == '-' || c == '.' || c == '_';
    return mark || is_letter_or_digit(c);
  });
}

}  // namespace

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

std::string_view trim_whitespace(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return lower(c); });
  return out;
}

std::optional<Authority> Authority::parse(std::string_view text) {
  constexpr std::uint32_t MostPort = 65'535;
  Authority result;
  const std::size_t colon = text.rfind(':');
  const bool has_port = colon != std::string_view::npos && text.back() != ']';
  const std::string_view host = has_port ? text.substr(0, colon) : text;
  if (!is_host(host)) return std::nullopt;
  result.host = lower_case(host);
  if (!has_port) return result;
  const std::string_view digits = text.substr(colon + 1);
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, result.port);
  const bool fine = error == std::errc() && stop == end && result.port != 0;
  return fine && result.port <= MostPort ? std::optional(result) : std::nullopt;
}

}  // namespace signaller::net
