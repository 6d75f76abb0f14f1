// `signaller hash-password`: reads a password and prints its hash for server.conf.
#pragma once

#include <istream>
#include <string>

namespace signaller {

/// Reads the first line, without its line end.
/// @throws std::runtime_error  the line is empty, or longer than 1,024 bytes
std::string read_password(std::istream& in);

/// Asks for a password on the terminal (twice, without echo), or reads the first line of standard
/// input.
/// @return the argon2id string
/// @throws std::runtime_error  names the problem
std::string hash_password_command();

}  // namespace signaller
