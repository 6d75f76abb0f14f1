// Percent encoding in paths and queries of URLs (RFC 3986 §2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace signaller::port {

/// The text with each `%` and two hexadecimal digits replaced by the byte that they stand for;
/// nothing if other characters follow a `%`.
std::optional<std::string> percent_decode(std::string_view text);

/// The value of the first parameter of that name in a query, as HTML forms write it: `+` is a
/// space. Nothing if there is none, or if its encoding is bad.
/// @param query  without `?`
/// @param name   without encoding
std::optional<std::string> query_value(std::string_view query, std::string_view name);

}  // namespace signaller::port
