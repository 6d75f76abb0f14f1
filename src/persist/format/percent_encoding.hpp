// Percent-encoding (RFC 3986, section 2.1) of stored values.
#pragma once

#include <string>
#include <string_view>

namespace signaller::persist {

/// Encodes a text so that it has no space: printable ASCII except space and `%` is unchanged, every
/// other byte becomes `%` and two hex digits. port::percent_decode is the inverse.
std::string percent_encode(std::string_view text);

}  // namespace signaller::persist
