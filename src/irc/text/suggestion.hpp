// Suggests the known name that resembles a mistyped name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace signaller::irc {

/// Returns a text such as `there is no key 'lines'; did you mean 'line'?`
/// @param what   the kind of name, such as `key`
/// @param known  all names of that kind
std::string unknown_name(std::string_view what, std::string_view name,
                         const std::vector<std::string>& known);

}  // namespace signaller::irc
