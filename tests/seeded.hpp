// Pseudo-random numbers for tests: the same for the same seed on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "port/time.hpp"

namespace signaller::tests {

class Seeded final : public port::Random {
 public:
  explicit Seeded(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t next() override { return engine_(); }
  /// Returns a number from 0 to `n` - 1; `n` is not 0.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class T>
  const T& one_of(const std::vector<T>& items) {
    return items[below(items.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace signaller::tests
