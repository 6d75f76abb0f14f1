// The capabilities that a client may name in `caps` of `/descp`.
#pragma once

#include <string>
#include <string_view>

namespace signaller::irc {

struct Caps {
  bool tags = false;         ///< lines have the tags time, msgid, seq and name
  bool echo = false;         ///< the client gets its own channel messages
  bool no_names = false;     ///< no list of members on joining
  bool no_presence = false;  ///< no JOIN, PART, QUIT, AWAY of others
};

/// Enables the cap with that name. Returns false if no cap has the name.
bool enable_cap(Caps& caps, std::string_view name);
/// The names of all caps, separated by `,`, for the token CAPS of 005.
std::string cap_names();

}  // namespace signaller::irc
