// The key with which secrets and tokens are hashed: a file that nobody else may read.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace signaller {

struct SecretKey {
  static constexpr std::size_t Size = 32;
  std::array<unsigned char, Size> bytes{};
  bool made = false;    ///< there was no file: it has been written now
  std::string warning;  ///< not empty: there is no file, the key lasts as long as the process
};

/// Reads the key, or makes it: whole or not at all, also if several processes try at once.
/// @param needed  the store outlives the process: a key that cannot be kept is an error
/// @throws std::runtime_error  what is wrong with the file, and what would be right
SecretKey load_secret_key(const std::string& path, bool needed);
/// Only says what is wrong with a file that is there; for --check.
/// @throws std::runtime_error  as above
void check_secret_key(const std::string& path);

}  // namespace signaller
