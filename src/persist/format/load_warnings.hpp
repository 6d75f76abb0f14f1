// What could not be read and was left out, as lines for a log.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace signaller::persist {

/// Printable ASCII only, everything else and `\` as `\xNN`; cut at 200 bytes. What comes from Redis
/// may have been written by anybody.
std::string printable(std::string_view raw);

/// Lines about keys, bounded: what is beyond is counted.
class LoadWarnings {
 public:
  static constexpr std::size_t Most = 1'000;

  /// @param why  text of ours
  void add(std::string_view key, std::string_view why);
  /// All lines, and at the end how many more there would have been. Nothing is left behind.
  std::vector<std::string> take();

 private:
  std::vector<std::string> lines_;
  std::size_t more_ = 0;
};

}  // namespace signaller::persist
