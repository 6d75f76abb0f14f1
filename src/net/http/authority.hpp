// A host and perhaps a port, as they stand in Host and Origin headers (RFC 3986 §3.2).
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

  /// Nothing if it is no such thing: names of other registries and escapes are none here.
  static std::optional<Authority> parse(std::string_view text);
};

/// ASCII letters and digits.
bool is_letter_or_digit(char c);
/// ASCII letters in lower case; everything else stays.
std::string lower_case(std::string_view text);

}  // namespace signaller::net
