#include "persist/format/load_warnings.hpp"

#include <fmt/format.h>

#include <utility>

namespace signaller::persist {
namespace {

constexpr std::size_t MaxShown = 200;  // bytes

}  // namespace

std::string printable(std::string_view raw) {
  std::string out;
  for (const char c : raw) {
    const bool plain = c >= ' ' && c <= '~' && c != '\\';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    if (out.size() >= MaxShown) break;
  }
  if (out.size() > MaxShown) out.resize(MaxShown);
  return out;
}

void LoadWarnings::add(std::string_view key, std::string_view why) {
  if (lines_.size() == MaxLines) {
    ++dropped_;
    return;
  }
  lines_.push_back(fmt::format("{}: {}", printable(key), why));
}

std::vector<std::string> LoadWarnings::take() {
  if (dropped_ > 0) lines_.push_back(fmt::format("{} more, which are not listed here", dropped_));
  dropped_ = 0;
  return std::exchange(lines_, {});
}

}  // namespace signaller::persist
