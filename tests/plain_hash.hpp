// A keyed hash for tests: fast, deterministic and not secure.
#pragma once

#include "port/keyed_hash.hpp"

namespace signaller::tests {

class PlainHash final : public port::KeyedHash {
 public:
  [[nodiscard]] port::Digest digest(std::string_view owner,
                                    std::string_view secret) const override {
    port::Digest out{};
    std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
    const auto mix = [&hash](unsigned char c) { hash = (hash ^ c) * 0x100000001b3ULL; };
    for (const char c : owner) mix(static_cast<unsigned char>(c));
    mix(0);
    for (const char c : secret) mix(static_cast<unsigned char>(c));
    for (auto& byte : out) {
      mix(1);
      byte = static_cast<std::uint8_t>(hash >> 56U);
    }
    return out;
  }
};

}  // namespace signaller::tests
