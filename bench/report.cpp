#include "report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace signaller::bench {

Report& Report::text(std::string_view name, std::string_view value) {
  entries_.push_back({std::string(name), std::string(value), true});
  return *this;
}

Report& Report::count(std::string_view name, std::uint64_t value) {
  entries_.push_back({std::string(name), std::to_string(value), false});
  return *this;
}

Report& Report::figure(std::string_view name, double value, int decimals) {
  entries_.push_back({std::string(name), fmt::format("{:.{}f}", value, decimals), false});
  return *this;
}

std::string Report::json() const {
  using nlohmann::json;
  std::string line = "{";
  for (const auto& entry : entries_) {
    if (line.size() > 1) line += ',';
    line += '"' + entry.name + "\":";
    line += entry.quoted ? json(entry.value).dump(-1, ' ', true, json::error_handler_t::replace)
                         : entry.value;
  }
  return line + '}';
}

std::string Report::human() const {
  std::string line;
  for (const auto& entry : entries_) {
    if (!line.empty()) line += "  ";
    line += entry.name + ' ' + entry.value;
  }
  return line;
}

}  // namespace signaller::bench
