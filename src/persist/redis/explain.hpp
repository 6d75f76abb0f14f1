// Explains errors of Redis to the server operator.
#pragma once

#include <string>
#include <string_view>

namespace signaller::persist {

/// Returns a readable reason followed by the error itself, in printable ASCII.
/// @param error  as Redis sent it, with the error code first
std::string explain(std::string_view error);

/// True if the error concerns one command and its arguments. False if it concerns the user, the
/// connection or the state of Redis; such errors have their own code and are temporary.
bool is_of_command(std::string_view error);

}  // namespace signaller::persist
