// The key that hashes secrets and tokens: a file that only its owner may read.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace signaller {

struct SecretKey {
  static constexpr std::size_t Size = 32;
  std::array<unsigned char, Size> bytes{};
  bool made = false;    ///< there was no file: the key is new
  std::string warning;  ///< not empty: the key is in no file and lasts as long as the process
};

/// Reads the key, or makes its file: completely or not at all, also if several processes try at
/// once.
/// @throws std::runtime_error  what is wrong with the file, and how to correct it
SecretKey load_secret_key(const std::string& path);
/// For a store that outlives the process. A new key is not written to a file yet, because the store
/// may know another key, whose file is missing.
/// @throws std::runtime_error  as above; or a file cannot be made there
SecretKey find_secret_key(const std::string& path);
/// Writes a new key to its file.
/// @throws std::runtime_error  the file cannot be written, or it exists by now
void keep_secret_key(const std::string& path, const SecretKey& key);
/// Checks the file if it exists; for --check.
/// @throws std::runtime_error  as above
void check_secret_key(const std::string& path);

}  // namespace signaller
