// Secrets are kept as keyed hashes: who reads the store or the memory has no use for them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace signaller::port {

/// 256 bits. Compared with `same_digest` only.
using Digest = std::array<std::uint8_t, 32>;

/// Takes the same time wherever they differ.
inline bool same_digest(const Digest& a, const Digest& b) {
  unsigned differ = 0;
  for (std::size_t i = 0; i < a.size(); ++i) differ |= static_cast<unsigned>(a[i] ^ b[i]);
  return differ == 0;
}

/// Keyed BLAKE2b in the server. Virtual because the key is a file of the edge.
class KeyedHash {
 public:
  KeyedHash() = default;
  KeyedHash(const KeyedHash&) = delete;
  KeyedHash& operator=(const KeyedHash&) = delete;
  virtual ~KeyedHash() = default;
  /// The hash of `secret`, which belongs to `owner`: a peer id or a folded channel name, so that
  /// the same secret of two owners gives two hashes.
  [[nodiscard]] virtual Digest digest(std::string_view owner, std::string_view secret) const = 0;
};

}  // namespace signaller::port
