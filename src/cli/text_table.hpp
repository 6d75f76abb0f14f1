// Columns for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace signaller {

/// What somebody else has written, as a cell: nothing in it steers a terminal, and it is cut after
/// `most` bytes. Nothing is `-`.
std::string cell(std::string_view text, std::size_t most = 60);
/// `1,234,567`
std::string grouped(std::size_t number);
/// `1.2 MiB`
std::string size_text(std::size_t bytes);

class TextTable {
 public:
  enum class Align : unsigned char { Left, Right };
  struct Column {
    std::string name;
    Align align = Align::Right;
  };

  explicit TextTable(std::vector<Column> columns);
  /// @param cells  fit for a terminal, as many as there are columns
  void row(std::vector<std::string> cells);
  /// Its head and its rows, a line each.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  ///< the first one is the head
};

}  // namespace signaller
