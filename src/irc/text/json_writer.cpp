#include "irc/text/json_writer.hpp"

#include <fmt/format.h>

#include <iterator>

namespace signaller::irc {

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += text[i];
    } else if (c < 0x20U || c == 0x7fU) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
    } else if (c == 0xc2U && next >= 0x80U && next < 0xa0U) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", next);
      ++i;
    } else {
      out += text[i];
    }
  }
  out += '"';
}

JsonWriter& JsonWriter::member(std::string_view key) {
  if (out_.size() > 1) out_ += ',';
  out_ += '"';
  out_ += key;
  out_ += "\":";
  return *this;
}

void JsonWriter::string_or_null(std::string_view value) {
  if (value.empty()) {
    out_ += "null";
  } else {
    append_json_string(out_, value);
  }
}

void JsonWriter::number(std::int64_t value) {
  const fmt::format_int digits(value);
  out_.append(digits.data(), digits.size());
}

std::string JsonWriter::done() {
  out_ += '}';
  return std::move(out_);
}

}  // namespace signaller::irc
