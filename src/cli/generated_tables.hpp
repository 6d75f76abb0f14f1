// Prints tables for README.rst and docs/protocol.rst from the declarations, as reStructuredText.
#pragma once

#include <string>

namespace signaller {

/// Returns form, meaning and alias of each command.
std::string command_table();
/// Returns letter and meaning of each channel mode.
std::string mode_table();
/// Returns code and text of each numeric and each standard reply.
std::string reply_table();

}  // namespace signaller
