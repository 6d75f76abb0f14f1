// The key that hashes secrets and tokens: a file that only its owner may read.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace signaller {

struct SecretKey {
  static constexpr std::size_t Size = 32;
  std::array<unsigned char, Size> bytes{};
  bool made = false;    ///< the file did not exist, so the key is new
  std::string warning;  ///< not empty: the key is in no file, and is lost when the process ends
};

/// Reads the key, or creates its file. The file is created completely or not at all, even if
/// several processes try at once.
/// @throws std::runtime_error  says what is wrong with the file, and how to correct it
SecretKey load_secret_key(const std::string& path);
/// Like load_secret_key, for a store that outlives the process. Does not write a new key to a file
/// yet, because the store may have been written with another key, whose file is missing.
/// @throws std::runtime_error  as load_secret_key; also if no file can be created in the folder of
/// `path`
SecretKey find_secret_key(const std::string& path);
/// Writes a new key to its file.
/// @throws std::runtime_error  the file cannot be written, or exists already
void keep_secret_key(const std::string& path, const SecretKey& key);
/// Checks the key file if it exists; for --check.
/// @throws std::runtime_error  as load_secret_key
void check_secret_key(const std::string& path);

}  // namespace signaller
