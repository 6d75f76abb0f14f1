// `signaller hash-password`: a password in, what server.conf may hold of it out.
#pragma once

#include <istream>
#include <string>

namespace signaller {

/// The first line, without its end. Empty, or too long: an error, since nobody meant that.
/// @throws std::runtime_error  what is wrong
std::string read_password(std::istream& in);

/// Asks for a password on the terminal (twice, without echo), or reads standard input's first
/// line; returns the argon2id string.
/// @throws std::runtime_error  what is wrong
std::string hash_password_command();

}  // namespace signaller
