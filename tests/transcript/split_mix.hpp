// Random numbers that are the same in each run.
#pragma once

#include <cstdint>

#include "port/time.hpp"

namespace signaller::transcript {

/// splitmix64 from a fixed seed.
class SplitMix final : public port::Random {
 public:
  std::uint64_t next() override {
    state_ += 0x9e3779b97f4a7c15ULL;
    auto mixed = (state_ ^ (state_ >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
    return mixed ^ (mixed >> 31U);
  }

 private:
  std::uint64_t state_ = 1;
};

}  // namespace signaller::transcript
