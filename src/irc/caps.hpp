// What a client may ask for in `caps` of `/descp`.
#pragma once

#include <string>
#include <string_view>

namespace signaller::irc {

struct Caps {
  bool tags = false;         ///< time, msgid, seq and name on every line
  bool echo = false;         ///< own channel messages come back
  bool no_names = false;     ///< no list of members on joining
  bool no_presence = false;  ///< no JOIN, PART, QUIT, AWAY of others
};

/// Switches on the cap of that name; false if there is none.
bool enable_cap(Caps& caps, std::string_view name);
/// All names, parted by `,`: the token CAPS of 005.
std::string cap_names();

}  // namespace signaller::irc
