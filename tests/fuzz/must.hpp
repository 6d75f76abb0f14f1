// Assertions of the targets: a property that does not hold ends the process, and libFuzzer keeps
// the input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace signaller::fuzz {

[[noreturn]] inline void broken(std::string_view what) {
  std::cerr << "broken: " << what << '\n';
  std::abort();
}

inline void must(bool holds, std::string_view what) {
  if (!holds) broken(what);
}

/// Checks a result: a sentence that describes the error, or an empty string.
inline void must_be_well(const std::string& fault) {
  if (!fault.empty()) broken(fault);
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// A number that depends on all bytes of the input. Targets use it to choose where the input is
/// cut.
inline std::uint64_t seed_of(std::string_view input) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : input) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

}  // namespace signaller::fuzz

/// libFuzzer's entry: called with each input, always from one thread.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
