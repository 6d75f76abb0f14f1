#include "irc/caps.hpp"

#include <array>

namespace signaller::irc {
namespace {

struct CapName {
  std::string_view name;
  bool Caps::*flag;
};

constexpr std::array CapNames{
    CapName{"tags", &Caps::tags},
    CapName{"echo", &Caps::echo},
    CapName{"no-names", &Caps::no_names},
    CapName{"no-presence", &Caps::no_presence},
};

}  // namespace

bool enable_cap(Caps& caps, std::string_view name) {
  for (const auto& cap : CapNames) {
    if (cap.name == name) return caps.*cap.flag = true;
  }
  return false;
}

std::string cap_names() {
  std::string names;
  for (const auto& cap : CapNames) {
    if (!names.empty()) names += ',';
    names += cap.name;
  }
  return names;
}

}  // namespace signaller::irc
