#include "cli/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "irc/text/text.hpp"
#include "log/log_text.hpp"

namespace signaller {
namespace {

/// Counts code points: in most scripts each code point takes one column.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

}  // namespace

std::string cell(std::string_view text, std::size_t most) {
  if (text.empty()) return "-";
  const std::string_view begin = irc::cut_utf8(text, most);
  return printable(begin) + (begin.size() < text.size() ? "…" : "");
}

std::string grouped(std::size_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3;) {
    at -= 3;
    out.insert(at, 1, ',');
  }
  return out;
}

std::string size_text(std::size_t bytes) {
  constexpr std::array Units{"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1'024) return fmt::format("{} bytes", bytes);
  double size = static_cast<double>(bytes) / 1'024;
  std::size_t unit = 0;
  for (; size >= 1'024 && unit + 1 < Units.size(); ++unit) size /= 1'024;
  return fmt::format("{:.1f} {}", size, Units[unit]);
}

TextTable::TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {
  std::vector<std::string> head;
  for (const Column& column : columns_) head.push_back(column.name);
  rows_.push_back(std::move(head));
}

void TextTable::row(std::vector<std::string> cells) {
  rows_.push_back(std::move(cells));
}

std::string TextTable::text() const {
  std::vector<std::size_t> widths(columns_.size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string out;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string blanks(widths[i] - width(row[i]), ' ');
      if (i != 0) line += "  ";
      line += columns_[i].align == Align::Left ? row[i] + blanks : blanks + row[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace signaller
