// A host and an optional port, as in Host and Origin headers (RFC 3986 §3.2); text helpers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaller::net {

/// A DNS name or an IPv4 address, or an IPv6 address in brackets.
struct Authority {
  std::string host;        ///< lower case; an IPv6 address has its brackets
  std::uint32_t port = 0;  ///< 0: no port is given

  /// Returns nothing if the text is no authority, or a registered name with escapes.
  static std::optional<Authority> parse(std::string_view text);
};

/// Whether the character is an ASCII letter or digit.
bool is_letter_or_digit(char c);
/// Returns `text` without the spaces and tabs around it (RFC 9110 §5.6.3).
std::string_view trim_whitespace(std::string_view text);
/// Turns ASCII letters to lower case, and no other character.
std::string lower_case(std::string_view text);

}  // namespace signaller::net
