#include "port/url.hpp"

#include <algorithm>
#include <cstddef>

namespace signaller::port {
namespace {

/// The value of a hexadecimal digit; -1: not such a digit.
int digit_of(char c) {
  constexpr int Ten = 10;
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + Ten;
  return c >= 'A' && c <= 'F' ? c - 'A' + Ten : -1;
}

std::optional<std::string> form_decode(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced);
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  constexpr std::size_t Digits = 2;
  constexpr int Sixteen = 16;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (text.size() - i <= Digits) return std::nullopt;
    const int high = digit_of(text[i + 1]);
    const int low = digit_of(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * Sixteen + low);
    i += Digits;
  }
  return out;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    const std::size_t sign = pair.find('=');
    if (form_decode(pair.substr(0, sign)) == name) {
      return form_decode(sign == std::string_view::npos ? std::string_view()
                                                        : pair.substr(sign + 1));
    }
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
  }
  return std::nullopt;
}

}  // namespace signaller::port
