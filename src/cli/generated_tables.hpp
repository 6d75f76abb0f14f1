// Tables for README.rst and docs/protocol.rst, in reStructuredText, made from the declarations.
#pragma once

#include <string>

namespace signaller {

/// Form, meaning and alias of each command.
std::string command_table();
/// Code and text of each numeric, and of each standard reply.
std::string reply_table();

}  // namespace signaller
