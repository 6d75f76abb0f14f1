// Prints tables for README.rst and docs/protocol.rst from the declarations, as reStructuredText.
#pragma once

#include <string>

namespace signaller {

/// Returns form, meaning and alias of each command.
std::string command_table();
/// Returns letter and meaning of each channel mode.
std::string mode_table();
/// Returns name, default path, place and meaning of each endpoint of each protocol.
std::string protocol_list();
/// Returns code and text of each numeric and each standard reply.
std::string reply_table();

}  // namespace signaller
