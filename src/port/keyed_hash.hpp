// Keyed hashes of secrets: a stolen store or memory dump does not reveal the secrets.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace signaller::port {

/// 256 bits. Compare digests with `same_digest` only.
using Digest = std::array<std::uint8_t, 32>;

/// Compares two digests in constant time.
inline bool same_digest(const Digest& a, const Digest& b) {
  unsigned differ = 0;
  for (std::size_t i = 0; i < a.size(); ++i) differ |= static_cast<unsigned>(a[i] ^ b[i]);
  return differ == 0;
}

/// Hashes secrets with a key; the server uses BLAKE2b. Virtual because the key is in a file, and
/// files belong to the edge.
class KeyedHash {
 public:
  KeyedHash() = default;
  KeyedHash(const KeyedHash&) = delete;
  KeyedHash& operator=(const KeyedHash&) = delete;
  virtual ~KeyedHash() = default;
  /// The hash of a secret. The same secret gives different hashes for different owners.
  /// @param owner  a peer id, or a folded channel name
  [[nodiscard]] virtual Digest digest(std::string_view owner, std::string_view secret) const = 0;
};

}  // namespace signaller::port
