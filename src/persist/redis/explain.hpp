// What an error of Redis means to who runs the server.
#pragma once

#include <string>
#include <string_view>

namespace signaller::persist {

/// @param error  as Redis sent it, its kind first
std::string explain(std::string_view error);

/// Whether it concerns one command and what stands in it, and not whoever sends it or the state of
/// Redis: those have a kind of their own, and pass.
bool is_of_command(std::string_view error);

}  // namespace signaller::persist
