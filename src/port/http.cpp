#include "port/http.hpp"

#include <algorithm>
#include <array>

namespace signaller::port {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool is_token_char(char c) {
  constexpr std::string_view Marks = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
         Marks.find(c) != std::string_view::npos;
}

/// Whether the text may be a header's value: no control character but TAB (RFC 9110 §5.5).
bool is_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7f) || c == '\t';
  });
}

/// Whether the edge writes this header itself, or the header determines where the response ends.
bool is_of_the_edge(std::string_view name) {
  constexpr std::array<std::string_view, 9> Names{
      "connection", "content-length", "content-type",      "keep-alive", "server",
      "trailer",    "upgrade",        "transfer-encoding", "te"};
  constexpr std::string_view Handshake = "sec-websocket-";
  return equal_ignoring_case(name.substr(0, Handshake.size()), Handshake) ||
         std::any_of(Names.begin(), Names.end(),
                     [name](std::string_view one) { return equal_ignoring_case(one, name); });
}

}  // namespace

bool is_http_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

ResponseHeaders::ResponseHeaders(
    std::initializer_list<std::pair<std::string_view, std::string_view>> pairs) {
  for (const auto& [name, value] : pairs) add(name, value);
}

bool ResponseHeaders::add(std::string_view name, std::string_view value) {
  const std::size_t size = name.size() + value.size();
  const bool good = is_http_token(name) && is_value(value) && !is_of_the_edge(name);
  if (!good || size > MaxBytes - bytes_) return false;
  bytes_ += size;
  list_.push_back({std::string(name), std::string(value)});
  return true;
}

bool ResponseHeaders::has(std::string_view name) const {
  return std::any_of(list_.begin(), list_.end(),
                     [name](const HttpHeader& one) { return equal_ignoring_case(one.name, name); });
}

const std::string* HttpRequest::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [name](const HttpHeader& one) {
    return equal_ignoring_case(one.name, name);
  });
  return found == headers.end() ? nullptr : &found->value;
}

}  // namespace signaller::port
