#include "net/admission/networks.hpp"

namespace signaller::net {

std::optional<std::string> Networks::assign(const std::vector<std::string>& texts) {
  map_ = {};
  for (const std::string& text : texts) {
    const auto range = port::AddressRange::parse(text);
    if (!range) return text;
    map_.put(*range, {});
  }
  return std::nullopt;
}

bool Networks::contains(const port::AddressRange& address) const {
  return map_.find(address, [](const Nothing&) { return true; }) != nullptr;
}

}  // namespace signaller::net
