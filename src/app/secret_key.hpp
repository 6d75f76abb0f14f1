// The key with which secrets and tokens are hashed: a file that nobody else may read.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace signaller {

struct SecretKey {
  static constexpr std::size_t Size = 32;
  std::array<unsigned char, Size> bytes{};
  bool made = false;    ///< there was no file: it is a new one
  std::string warning;  ///< not empty: there is no file, the key lasts as long as the process
};

/// Reads the key, or makes it: whole or not at all, also if several processes try at once.
/// @throws std::runtime_error  what is wrong with the file, and what would be right
SecretKey load_secret_key(const std::string& path);
/// For a store that outlives the process: a new key is in no file yet, since the store may know
/// another one whose file is missing.
/// @throws std::runtime_error  likewise; or there is no place for one
SecretKey find_secret_key(const std::string& path);
/// Writes a new one.
/// @throws std::runtime_error  it cannot be kept, or there is a file by now
void keep_secret_key(const std::string& path, const SecretKey& key);
/// Only says what is wrong with a file that is there; for --check.
/// @throws std::runtime_error  as above
void check_secret_key(const std::string& path);

}  // namespace signaller
