#include "persist/format/percent_encoding.hpp"

#include <fmt/format.h>

namespace signaller::persist {

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c > ' ' && c <= '~' && c != '%') {
      out += c;
    } else {
      out += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace signaller::persist
