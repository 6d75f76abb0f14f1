// Finds a key by its name, and names its environment variable.
#include <algorithm>

#include "config/config.hpp"

namespace signaller {

const Key* find_key(std::string_view name) {
  const auto& keys = config_keys();
  const auto found =
      std::find_if(keys.begin(), keys.end(), [name](const Key& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

std::string environment_name(const Key& key) {
  std::string out = "SIGNALLER_";
  for (const char c : key.name) {
    if (c == '.') {
      out += "__";
    } else {
      out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return out;
}

}  // namespace signaller
