#include "identity.hpp"

#include <fmt/format.h>

namespace signaller::bench {
namespace {

/// SplitMix64: consecutive inputs give outputs that look random.
std::uint64_t scattered(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

}  // namespace

Identity identity_of(std::uint64_t number) {
  const auto part = [number](std::uint64_t of) { return scattered(4 * number + of); };
  return {fmt::format("{:016x}{:08x}", part(0), part(1) & 0xffffffffU),
          fmt::format("{:016x}{:016x}", part(2), part(3))};
}

std::string describe(const Identity& identity) {
  return fmt::format(R"(/descp {{"id":"{}","secret":"{}"}})", identity.id, identity.secret);
}

}  // namespace signaller::bench
