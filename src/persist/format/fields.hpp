// Field tables: how each member of a record is written to a hash or a stream entry, and read back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "persist/format/value_parser.hpp"

namespace signaller::persist {

/// Names and values of a hash or a stream entry; views into a reply of Redis.
using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;

// write_value writes a value as text. Returns false for a default value, which may be left out.

inline bool write_value(const std::string& value, std::string& out) {
  out = value;
  return !value.empty();
}
inline bool write_value(const std::optional<std::string>& value, std::string& out) {
  out = value.value_or(std::string());
  return value.has_value();
}
inline bool write_value(bool value, std::string& out) {
  out = value ? "1" : "0";
  return value;
}
inline bool write_value(std::int64_t value, std::string& out) {
  out = std::to_string(value);
  return value != 0;
}
inline bool write_value(std::uint64_t value, std::string& out) {
  out = std::to_string(value);
  return value != 0;
}
/// Writes texts one after another, each as `<length>:<bytes>`.
bool write_value(const std::vector<std::string>& values, std::string& out);

// read_value reads the text back. Returns false if it is malformed.

inline bool read_value(std::string_view text, std::string& out) {
  out = text;
  return true;
}
inline bool read_value(std::string_view text, std::optional<std::string>& out) {
  out = text;
  return true;
}
inline bool read_value(std::string_view text, bool& out) {
  out = text == "1";
  return out || text == "0";
}
inline bool read_value(std::string_view text, std::int64_t& out) {
  return read_number(text, out);
}
inline bool read_value(std::string_view text, std::uint64_t& out) {
  return read_number(text, out);
}
bool read_value(std::string_view text, std::vector<std::string>& out);

/// A member of a record and its name in Redis.
template <class Record>
struct Field {
  std::string_view name;
  bool (*write)(const Record&, std::string& out);
  bool (*read)(std::string_view text, Record&);
};

template <auto Member, class Record>
constexpr Field<Record> field(std::string_view name) {
  return {name,
          [](const Record& record, std::string& out) { return write_value(record.*Member, out); },
          [](std::string_view text, Record& record) { return read_value(text, record.*Member); }};
}

/// Returns the field with that name, or null.
/// @param next  index where the search begins; set to the index after the result. Redis returns the
/// fields of most hashes in the order in which they were written.
template <class Table>
auto find_field(const Table& table, std::string_view name, std::size_t& next)
    -> decltype(std::data(table)) {
  for (std::size_t i = 0; i < std::size(table); ++i) {
    const std::size_t at = (next + i) % std::size(table);
    if (std::data(table)[at].name != name) continue;
    next = at + 1;
    return std::data(table) + at;
  }
  return nullptr;
}

}  // namespace signaller::persist
