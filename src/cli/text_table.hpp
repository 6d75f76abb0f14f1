// Aligns columns for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace signaller {

/// Makes a cell of untrusted text: escapes control characters and cuts the text after `most` bytes.
/// An empty text becomes `-`.
std::string cell(std::string_view text, std::size_t most = 60);
/// Formats a number as `1,234,567`.
std::string grouped(std::size_t number);
/// Formats a size as `1.2 MiB`.
std::string size_text(std::size_t bytes);

class TextTable {
 public:
  enum class Align : unsigned char { Left, Right };
  struct Column {
    std::string name;
    Align align = Align::Right;
  };

  explicit TextTable(std::vector<Column> columns);
  /// Adds a row.
  /// @param cells  one for each column, without control characters
  void row(std::vector<std::string> cells);
  /// Returns the header and the rows, one line each.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  ///< the first row is the header
};

}  // namespace signaller
