// Percent-encoding (RFC 3986, section 2.1) of URLs and of stored values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace signaller::port {

/// The text with each `%` and two hexadecimal digits replaced by the byte that they stand for;
/// nothing if other characters follow a `%`.
std::optional<std::string> percent_decode(std::string_view text);

/// The value of the first parameter with that name in a query, in the encoding of HTML forms (`+`
/// is a space). Nothing if the parameter is missing, or its encoding is invalid.
/// @param query  without `?`
/// @param name   without encoding
std::optional<std::string> query_value(std::string_view query, std::string_view name);

}  // namespace signaller::port
