// The table of commands for README.rst and docs/protocol.rst, made from the declarations.
#pragma once

#include <string>

namespace signaller {

/// A reStructuredText `list-table`: form, meaning, an example.
std::string command_table();

}  // namespace signaller
