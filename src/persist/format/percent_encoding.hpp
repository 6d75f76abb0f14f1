// A text as one word of a stored value, whatever bytes it has.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace signaller::persist {

/// Printable ASCII stays, apart from space and `%`; everything else becomes `%` and two hex digits,
/// so ids and numbers look as they are.
std::string percent_encode(std::string_view text);

/// Back again. Nothing: a `%` without two hex digits behind it.
std::optional<std::string> percent_decode(std::string_view word);

}  // namespace signaller::persist
