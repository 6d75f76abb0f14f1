#include "irc/text/suggestion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace signaller::irc {
namespace {

/// The Levenshtein distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, corner + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      corner = above;
    }
  }
  return row[b.size()];
}

/// The length of the beginning that the name shares with all known names, such as `SIGNALLER_`.
std::size_t common_length(std::string_view name, const std::vector<std::string>& known) {
  std::size_t length = name.size();
  for (const std::string& one : known) {
    const auto end = std::mismatch(name.begin(), name.end(), one.begin(), one.end()).first;
    length = std::min(length, static_cast<std::size_t>(end - name.begin()));
  }
  return length;
}

}  // namespace

std::string unknown_name(std::string_view what, std::string_view name,
                         const std::vector<std::string>& known) {
  std::string_view nearest;
  // A name is mistyped if at most two letters, or every third one, are wrong, and two are right.
  // Another name would mislead.
  const std::size_t letters = name.size() - common_length(name, known);
  const std::size_t most =
      std::min(std::max<std::size_t>(2, letters / 3), letters - std::min<std::size_t>(letters, 2));
  std::size_t best = most + 1;
  for (const std::string& one : known) {
    // A prefix of a known name counts as near, because none of its letters is wrong.
    const bool is_prefix = !name.empty() && one.compare(0, name.size(), name) == 0;
    const std::size_t far = is_prefix ? 1 : distance(name, one);
    if (far >= best) continue;
    best = far;
    nearest = one;
  }
  if (nearest.empty()) return fmt::format("there is no {} '{}'", what, name);
  return fmt::format("there is no {} '{}'; did you mean '{}'?", what, name, nearest);
}

}  // namespace signaller::irc
