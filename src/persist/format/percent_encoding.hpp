// Percent-encoding (RFC 3986, section 2.1) for stored values and the URL of Redis.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace signaller::persist {

/// Encodes a text so that it has no space: printable ASCII except space and `%` is unchanged, every
/// other byte becomes `%` and two hex digits.
std::string percent_encode(std::string_view text);

/// Decodes a text. Returns nothing if a `%` is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view word);

}  // namespace signaller::persist
