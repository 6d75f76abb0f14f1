// A host and an optional port, as in Host and Origin headers (RFC 3986 §3.2); text helpers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::net {

/// A DNS name or an IPv4 address, or an IPv6 address in brackets.
struct Authority {
  std::string host;        ///< in lower case, with its brackets
  std::uint32_t port = 0;  ///< 0: none is written

  /// Nothing if the text is neither: registered names with escapes are refused.
  static std::optional<Authority> parse(std::string_view text);
};

/// ASCII letters and digits.
bool is_letter_or_digit(char c);
/// `text` without the spaces and tabs around it (RFC 9110 §5.6.3).
std::string_view trim_whitespace(std::string_view text);
/// ASCII letters in lower case; everything else stays.
std::string lower_case(std::string_view text);

}  // namespace signaller::net
