#include "persist/format/fields.hpp"

namespace signaller::persist {

bool write_value(const std::vector<std::string>& values, std::string& out) {
  out.clear();
  for (const auto& value : values)
    out.append(std::to_string(value.size())).append(":").append(value);
  return !values.empty();
}

bool read_value(std::string_view text, std::vector<std::string>& out) {
  out.clear();
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    std::size_t size = 0;
    if (colon == std::string_view::npos || !read_number(text.substr(0, colon), size)) return false;
    text.remove_prefix(colon + 1);
    if (size > text.size()) return false;
    out.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace signaller::persist
