// The results of a run in the order in which they were added, as JSON or as text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace signaller::bench {

class Report {
 public:
  Report& text(std::string_view name, std::string_view value);
  Report& count(std::string_view name, std::uint64_t value);
  Report& figure(std::string_view name, double value, int decimals);

  [[nodiscard]] std::string json() const;
  [[nodiscard]] std::string human() const;

 private:
  struct Entry {
    std::string name;
    std::string value;
    bool quoted = false;
  };
  std::vector<Entry> entries_;
};

}  // namespace signaller::bench
